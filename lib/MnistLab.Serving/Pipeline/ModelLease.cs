namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Represents one request's reference to a model. Disposing it releases the model; dispose it exactly once.
/// </summary>
internal readonly struct ModelLease(ServedModel model) : IDisposable
{
    public ServedModel Model => model;

    public void Dispose() => model.Release();
}
