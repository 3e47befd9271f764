using System.Collections.Concurrent;
using Grpc.Core;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Sends gRPC calls from several clients, one after the other from each, until it is stopped; counts the responses by
/// version and records the errors.
/// </summary>
internal sealed class GrpcLoad
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _askers;
    private int _answers;

    public GrpcLoad(InferenceClient client) => _askers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskAsync(client)))];

    public ConcurrentDictionary<string, int> Versions { get; } = [];

    public ConcurrentQueue<RpcException> Errors { get; } = [];

    /// <summary>Waits for a number of further responses.</summary>
    public Task AnsweredAsync(int more)
    {
        var goal = Volatile.Read(ref _answers) + more;
        return ServiceLab.UntilAsync(
            () => Task.FromResult(Volatile.Read(ref _answers) >= goal || !Errors.IsEmpty), $"{more} more responses");
    }

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_askers);
    }

    private async Task AskAsync(InferenceClient client)
    {
        var request = InferenceClient.Raw(new float[784], 1, 784);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var response = await client.Service.ModelInferAsync(request);
                Versions.AddOrUpdate(response.ModelVersion, 1, (_, count) => count + 1);
                Interlocked.Increment(ref _answers);
            }
            catch (RpcException exception)
            {
                Errors.Enqueue(exception);
            }
        }
    }
}
