namespace MnistLab.Serving.Pipeline;

/// <summary>A model that one request uses. Disposing releases it; dispose exactly once.</summary>
internal readonly struct ModelLease(ServedModel model) : IDisposable
{
    public ServedModel Model => model;

    public void Dispose() => model.Release();
}
