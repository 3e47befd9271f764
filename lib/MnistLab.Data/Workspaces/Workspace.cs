using MnistLab.Data.Datasets;
using MnistLab.Data.Download;
using MnistLab.Data.Sources;
using MnistLab.Storage;
using MnistLab.Storage.Configuration;

namespace MnistLab.Data.Workspaces;

/// <summary>The folder that holds the notebooks, and what they leave behind in its <c>artifacts</c>.</summary>
public sealed class Workspace
{
    /// <summary>The environment variable that names the workspace, for programs that are started elsewhere.</summary>
    public const string HomeVariable = "MNISTLAB_HOME";

    private const string Marker = "MnistLab.slnx";

    private readonly Func<string, string?> _environment;

    private Workspace(string root, Func<string, string?>? environment = null) =>
        (Root, _environment) = (root, environment ?? Environment.GetEnvironmentVariable);

    /// <summary>The workspace's folder.</summary>
    public string Root { get; }

    /// <summary>The folder of the bundled dataset.</summary>
    public string SampleFolder => Path.Combine(Root, "data-scripts", "sample");

    /// <summary>The folder that stands for the object store when there is none.</summary>
    public string ObjectStoreFolder => Path.Combine(ArtifactsFolder, "obs");

    /// <summary>The folder of the training jobs' own files.</summary>
    public string JobsFolder => Path.Combine(ArtifactsFolder, "jobs");

    /// <summary>The folder of the online services' own files.</summary>
    public string ServicesFolder => Path.Combine(ArtifactsFolder, "services");

    /// <summary>The folder of executed notebooks and their report.</summary>
    public string ReportsFolder => Path.Combine(ArtifactsFolder, "reports");

    private string ArtifactsFolder => Path.Combine(Root, "artifacts");

    /// <summary>Finds the workspace: the one that <c>MNISTLAB_HOME</c> names, else the one that holds a folder, else the one that holds the running program.</summary>
    /// <param name="startFolder">The folder to look from; the current one if null.</param>
    /// <exception cref="WorkspaceException">There is none.</exception>
    public static Workspace Find(string? startFolder = null)
    {
        if (Environment.GetEnvironmentVariable(HomeVariable) is { Length: > 0 } home) return Named(home);
        startFolder ??= Directory.GetCurrentDirectory();
        return Above(startFolder) ?? Above(AppContext.BaseDirectory)
            ?? throw new WorkspaceException($"{startFolder} lies in no workspace: neither it nor a folder above it holds {Marker}. Start from within the workspace, or let the environment variable {HomeVariable} name it.");
    }

    /// <summary>Takes a folder as the workspace, whatever it holds and whatever the environment names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="environment">Looks up the environment variables that choose the object store and the dataset; those of the process if null.</param>
    public static Workspace At(string folder, Func<string, string?>? environment = null) => new(Path.GetFullPath(folder), environment);

    /// <summary>The object store: the server that <c>OBS_ENDPOINT</c> names, or else that of the user's access key, or else a folder in <c>artifacts</c>.</summary>
    /// <exception cref="ObjectStoreException">Some of the variables that a server needs are missing, or the user's access keys cannot be read.</exception>
    public IObjectStore OpenStore() => ObjectStores.Open(_environment, ObjectStoreFolder);

    /// <summary>The dataset: that of <c>MNIST_DIR</c>, or else the one in the user's cache, downloaded if it is not there yet, or else the bundled sample.</summary>
    /// <param name="progress">Is told how far a download is, if there is one.</param>
    /// <param name="cancellationToken">Ends a download; complete files are kept.</param>
    /// <exception cref="DatasetException">The folder that <c>MNIST_DIR</c> names lacks a file, <c>MNIST_MIRRORS</c> has an invalid entry, or the cache cannot be written.</exception>
    public async Task<DatasetSource> FindDatasetAsync(IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var handler = DatasetDownload.CreateHandler();
        var download = new DatasetDownload(handler, TimeProvider.System);
        return await DatasetSource.FindAsync(_environment, download, SampleFolder, progress, cancellationToken);
    }

    private static Workspace Named(string folder) => File.Exists(Path.Combine(folder, Marker))
        ? new Workspace(Path.GetFullPath(folder))
        : throw new WorkspaceException($"{HomeVariable} names {folder}, which is no workspace: it does not hold {Marker}. Correct the variable, or unset it and start from within the workspace.");

    private static Workspace? Above(string folder)
    {
        for (var candidate = new DirectoryInfo(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, Marker))) return new Workspace(candidate.FullName);
        }

        return null;
    }
}
