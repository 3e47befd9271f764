namespace MnistLab.Serving.Tests;

/// <summary>Represents one service with gRPC for all tests of a class, which do not change its state.</summary>
public sealed class GrpcService(FastModel model) : IAsyncLifetime
{
    internal RunningApplication Running { get; private set; } = null!;

    internal InferenceClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Running = await RunningApplication.StartAsync(model.Package, grpcPort: 0);
        Client = new InferenceClient(Running.GrpcUrl!);
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return Running.DisposeAsync();
    }
}
