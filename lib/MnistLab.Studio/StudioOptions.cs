namespace MnistLab.Studio;

/// <summary>How the lab is served to the browser.</summary>
public sealed record StudioOptions
{
    /// <summary>The port that is used unless another is asked for.</summary>
    public const int DefaultPort = 8787;

    /// <summary>Gets the workspace's folder: nothing outside it is read or written through the browser.</summary>
    public required string Workspace { get; init; }

    /// <summary>
    /// Gets the port to listen on; null for <see cref="DefaultPort"/>, or any free port if that is in use. 0 stands for
    /// any free port.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>Gets what looks up the environment variables that choose the object store.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Gets the folder of what Studio itself keeps: its key, and the unsaved changes of notebooks.</summary>
    public string StateFolder => Path.Combine(Workspace, "artifacts", "studio");
}
