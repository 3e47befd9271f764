using MnistLab.Data.Datasets;
using MnistLab.Data.Download;
using MnistLab.Data.Sources;
using MnistLab.Storage;
using MnistLab.Storage.Configuration;

namespace MnistLab.Data.Workspaces;

/// <summary>
/// Represents the folder that contains the notebooks, and their output in its <c>artifacts</c> folder.
/// </summary>
public sealed class Workspace
{
    /// <summary>
    /// The environment variable that names the workspace, for programs that are started outside of it.
    /// </summary>
    public const string HomeVariable = "MNISTLAB_HOME";

    private const string Marker = "MnistLab.slnx";

    private readonly Func<string, string?> _environment;

    private Workspace(string root, Func<string, string?>? environment = null) =>
        (Root, _environment) = (root, environment ?? Environment.GetEnvironmentVariable);

    /// <summary>Gets the folder of the workspace.</summary>
    public string Root { get; }

    /// <summary>Gets the folder of the bundled dataset.</summary>
    public string SampleFolder => Path.Combine(Root, "data-scripts", "sample");

    /// <summary>Gets the folder that serves as the object store if no server is configured.</summary>
    public string ObjectStoreFolder => Path.Combine(ArtifactsFolder, "obs");

    /// <summary>Gets the folder for the internal files of training jobs.</summary>
    public string JobsFolder => Path.Combine(ArtifactsFolder, "jobs");

    /// <summary>Gets the folder for the internal files of online services.</summary>
    public string ServicesFolder => Path.Combine(ArtifactsFolder, "services");

    /// <summary>Gets the folder for executed notebooks and their report.</summary>
    public string ReportsFolder => Path.Combine(ArtifactsFolder, "reports");

    private string ArtifactsFolder => Path.Combine(Root, "artifacts");

    /// <summary>
    /// Finds the workspace: the one that <c>MNISTLAB_HOME</c> names, or else the one that contains a folder, or else
    /// the one that contains the running program.
    /// </summary>
    /// <param name="startFolder">The folder to search from; null for the current one.</param>
    /// <exception cref="WorkspaceException">There is no workspace.</exception>
    public static Workspace Find(string? startFolder = null)
    {
        if (Environment.GetEnvironmentVariable(HomeVariable) is { Length: > 0 } home) return Named(home);
        startFolder ??= Directory.GetCurrentDirectory();
        return Above(startFolder) ?? Above(AppContext.BaseDirectory)
            ?? throw new WorkspaceException(
                $"{startFolder} is not in a workspace: neither it nor a folder above it contains {Marker}. Start from within the workspace, or set the environment variable {HomeVariable} to its folder.");
    }

    /// <summary>
    /// Opens a folder as the workspace, without checking its content or <c>MNISTLAB_HOME</c>.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="environment">
    /// Looks up the environment variables that select the object store and the dataset; null for those of the process.
    /// </param>
    public static Workspace At(string folder, Func<string, string?>? environment = null) => new(Path.GetFullPath(folder), environment);

    /// <summary>
    /// Opens the object store: the server that <c>OBS_ENDPOINT</c> names, or else that of the user's access key, or
    /// else a folder in <c>artifacts</c>.
    /// </summary>
    /// <exception cref="ObjectStoreException">
    /// Some of the variables that a server needs are missing, or the user's access keys cannot be read.
    /// </exception>
    public IObjectStore OpenStore() => ObjectStores.Open(_environment, ObjectStoreFolder);

    /// <summary>
    /// Finds the dataset: the one in <c>MNIST_DIR</c>, or else the one in the user's cache, which is downloaded if
    /// necessary, or else the bundled sample.
    /// </summary>
    /// <param name="progress">Receives the progress of a download.</param>
    /// <param name="cancellationToken">Cancels a download; complete files stay.</param>
    /// <exception cref="DatasetException">
    /// The folder that <c>MNIST_DIR</c> names lacks a file, <c>MNIST_MIRRORS</c> has an invalid entry, or the cache
    /// cannot be written.
    /// </exception>
    public async Task<DatasetSource> FindDatasetAsync(
        IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var handler = DatasetDownload.CreateHandler();
        var download = new DatasetDownload(handler, TimeProvider.System);
        return await DatasetSource.FindAsync(_environment, download, SampleFolder, progress, cancellationToken);
    }

    private static Workspace Named(string folder) => File.Exists(Path.Combine(folder, Marker))
        ? new Workspace(Path.GetFullPath(folder))
        : throw new WorkspaceException(
            $"{HomeVariable} is set to {folder}, which is not a workspace: it does not contain {Marker}. Correct the variable, or unset it and start from within the workspace.");

    private static Workspace? Above(string folder)
    {
        for (var candidate = new DirectoryInfo(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, Marker))) return new Workspace(candidate.FullName);
        }

        return null;
    }
}
