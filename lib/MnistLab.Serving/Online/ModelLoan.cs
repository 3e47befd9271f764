namespace MnistLab.Serving;

/// <summary>A model in use by one request; disposing gives it back. To be disposed exactly once.</summary>
internal readonly struct ModelLoan(ServedModel model) : IDisposable
{
    public ServedModel Model => model;

    public void Dispose() => model.Return();
}
