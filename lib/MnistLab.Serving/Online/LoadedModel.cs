namespace MnistLab.Serving;

/// <summary>The model package that the service answers with, once it is there.</summary>
internal sealed class LoadedModel : IDisposable
{
    private volatile ModelPackage? _package;

    /// <summary>The package, loaded and tried; null until then.</summary>
    public ModelPackage? Package
    {
        get => _package;
        set => _package = value;
    }

    public void Dispose() => _package?.Dispose();
}
