using MnistLab.Hosting;
using MnistLab.Models;
using MnistLab.Models.Registry;
using MnistLab.Models.UserCode;
using MnistLab.Serving.Instances;
using MnistLab.Storage;

namespace MnistLab.Serving.Deployment;

/// <summary>Manages the model packages in an instance's folder.</summary>
internal sealed class InstancePackages(InstanceFolder instance, IObjectStore store)
{
    private static readonly string PackageName = PackageFiles.Folder.TrimEnd('/');

    /// <summary>Downloads the packages that are missing. Each package is created completely or not at all.</summary>
    /// <param name="models">The model versions.</param>
    /// <param name="starting">Called before each download, with the number of versions that are already
    /// available.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <returns>The versions, with the folders of their packages.</returns>
    public async Task<IReadOnlyList<ServedVersion>> DownloadAsync(
        IReadOnlyList<WeightedModel> models,
        Action<int, RegisteredModel> starting,
        CancellationToken cancellationToken)
    {
        var versions = new List<ServedVersion>();
        foreach (var (model, weight) in models)
        {
            var target = instance.PackageOf(model);
            if (!Directory.Exists(target))
            {
                starting(versions.Count, model);
                await DownloadAsync(model, target, cancellationToken);
            }

            var package = Path.Combine(target, PackageName);
            versions.Add(new ServedVersion(model.Name, model.Version, weight, package, model.Location.ToString()));
        }

        return versions;
    }

    /// <summary>Deletes the packages that the settings do not use.</summary>
    public void DeleteUnused(RunSettings settings)
    {
        var used = settings.Models.Select(model => Path.GetDirectoryName(model.PackageFolder)).ToHashSet();
        foreach (var package in Directory.EnumerateDirectories(instance.Packages).Where(package => !used.Contains(package)))
        {
            try
            {
                Directory.Delete(package, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // On Windows, files that requests in flight still use cannot be deleted; they are deleted with the
                // instance.
            }
        }
    }

    private async Task DownloadAsync(RegisteredModel model, string target, CancellationToken cancellationToken)
    {
        try
        {
            await AtomicFolder.CreateAsync(target, async incoming =>
            {
                await ModelDownload.DownloadAsync(store, model.Location, incoming, cancellationToken);
                await CompileAsync(Path.Combine(incoming, PackageName), cancellationToken);
            });
        }
        catch (ModelImportException exception)
        {
            throw new DeploymentException(
                $"{model.Name} {model.Version} in {store.Location} cannot be deployed: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Compiles the inference code if the compiled code in the registry is for another build of the platform, so that
    /// the service need not keep a compiler in memory.
    /// </summary>
    private static Task CompileAsync(string package, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                InferenceCode.Open(InferenceCode.Find(package), cancellationToken).Dispose();
            }
            catch (Exception exception) when (exception is UserCodeException or ModelImportException or DirectoryNotFoundException)
            {
                // The service encounters the same error and reports it as the reason for its failure.
            }
        },
        cancellationToken);
}
