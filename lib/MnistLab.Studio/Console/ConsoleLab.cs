using MnistLab.Data.Workspaces;
using MnistLab.Notebooks;
using MnistLab.Storage;
using MnistLab.Studio.Hosting;

namespace MnistLab.Studio.Console;

/// <summary>The platform that the console works on: that of the notebooks and of the command line.</summary>
internal sealed class ConsoleLab(StudioOptions options)
{
    private readonly Lock _lock = new();
    private Lab? _lab;

    /// <summary>Opens the lab of Studio's workspace, or returns the one that is open.</summary>
    /// <exception cref="ObjectStoreException">The settings of the object store are incomplete or invalid.</exception>
    public Lab Open()
    {
        lock (_lock) return _lab ??= Lab.Open(Workspace.At(options.Workspace));
    }
}
