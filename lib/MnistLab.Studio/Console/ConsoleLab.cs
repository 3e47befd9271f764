using MnistLab.Data.Workspaces;
using MnistLab.Notebooks;
using MnistLab.Storage;
using MnistLab.Storage.Configuration;

namespace MnistLab.Studio.Console;

/// <summary>
/// Provides the console with the platform, which it shares with the notebooks and the command line.
/// </summary>
internal sealed class ConsoleLab(StudioOptions options)
{
    private readonly Lock _lock = new();
    private Lab? _lab;
    private DateTime? _changed;

    /// <summary>Gets the user's access keys; null if the user has no folder for settings.</summary>
    public AccessKeys? Keys { get; } = AccessKeys.OfUser(options.Environment);

    /// <summary>
    /// Gets whether environment variables name the object store; they take precedence over the selected key.
    /// </summary>
    public bool IsStoreNamedByEnvironment => ObjectStores.IsNamedBy(options.Environment);

    /// <summary>
    /// Opens the lab of Studio's workspace, or returns the open one if the access keys have not changed.
    /// </summary>
    /// <exception cref="ObjectStoreException">The settings of the object store are incomplete or invalid.</exception>
    public Lab Open()
    {
        var changed = Keys?.Changed;
        lock (_lock)
        {
            if (_lab is not null && changed == _changed) return _lab;
            (_lab, _changed) = (Lab.Open(Workspace.At(options.Workspace, options.Environment)), changed);
            return _lab;
        }
    }
}
