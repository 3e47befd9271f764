namespace MnistLab.Studio;

/// <summary>Represents the options of the lab's web application.</summary>
public sealed record StudioOptions
{
    /// <summary>The default port.</summary>
    public const int DefaultPort = 8787;

    /// <summary>
    /// Gets the folder of the workspace; nothing outside of it is read or written through the browser.
    /// </summary>
    public required string Workspace { get; init; }

    /// <summary>
    /// Gets the port to listen on; null for <see cref="DefaultPort"/>, or any free port if that is in use. 0 selects
    /// any free port.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>
    /// Gets the function that looks up the environment variables that select the object store and the folders of
    /// Jupyter's kernels.
    /// </summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>
    /// Gets the folder of Studio's internal state, such as its key and the unsaved changes of notebooks.
    /// </summary>
    public string StateFolder => Path.Combine(Workspace, "artifacts", "studio");
}
