using MnistLab.Hosting;
using MnistLab.Models.UserCode;
using MnistLab.Storage;

namespace MnistLab.Models.Registry;

/// <summary>
/// Represents one import: downloads a package, validates and compiles it on this machine, and uploads it to the
/// registry.
/// </summary>
internal sealed class ModelImport(IObjectStore store, ModelImportOptions options, Func<RegisteredModel, Task> record)
{
    /// <summary>
    /// Imports the package at <paramref name="package"/>, and records the status of the model at each step.
    /// </summary>
    /// <returns>The model with the metrics, hashes, and size of its package; not published yet.</returns>
    /// <exception cref="ModelImportException">The package cannot be used.</exception>
    /// <exception cref="ObjectStoreException">The store failed.</exception>
    public async Task<RegisteredModel> RunAsync(RegisteredModel model, ObjectUrl package, CancellationToken cancellationToken)
    {
        using var scratch = CreateScratch();
        var local = Path.Combine(scratch.Path, PackageFiles.Folder.TrimEnd('/'));
        await FetchAsync(package, local, cancellationToken);
        model = model with { Status = ModelStatus.Building };
        await record(model);
        // Compiling and the trial prediction take about a second of processor time, so they do not run on the caller's
        // thread.
        var config = await Task.Run(
            () =>
            {
                using var opened = LoadedModel.Open(local, cancellationToken);
                return opened.Config;
            },
            cancellationToken);
        model = model with { Status = ModelStatus.Publishing, Metrics = config.Metrics };
        await record(model);
        // The compiled code is uploaded as well, so that services start without a compiler.
        var hashes = await ModelDownload.HashFilesAsync(scratch.Path, cancellationToken);
        var objects = await store.UploadFolderAsync(scratch.Path, model.Location, cancellationToken: cancellationToken);
        return model with
        {
            Files = hashes,
            Size = objects.Where(item => model.Location
            .RelativeKeyOf(item.Url)
            .StartsWith(PackageFiles.Folder, StringComparison.Ordinal)).Sum(item => item.Length)
        };
    }

    /// <summary>Returns the status after a failure.</summary>
    public static ModelStatus StatusAfter(Exception failure) =>
        failure is ModelImportException { InnerException: UserCodeException } ? ModelStatus.BuildingFailed : ModelStatus.Failed;

    private static ScratchFolder CreateScratch()
    {
        try
        {
            return ScratchFolder.Create("mnistlab-import-");
        }
        catch (ScratchFolderException exception)
        {
            throw new ModelImportException(ModelImportError.NoSpace, exception.Message, exception);
        }
    }

    private async Task FetchAsync(ObjectUrl package, string folder, CancellationToken cancellationToken)
    {
        try
        {
            await store.DownloadFolderAsync(package, folder, cancellationToken: cancellationToken);
            if (options.DefaultInferenceCode && Directory.GetFiles(folder, "*.cs").Length == 0)
                await File.WriteAllTextAsync(Path.Combine(folder, PackageFiles.InferenceCode), InferenceCode.Default, cancellationToken);
        }
        catch (IOException exception) when (exception is not ObjectStoreException)
        {
            throw new ModelImportException(
                ModelImportError.NoSpace,
                $"The package cannot be copied to {folder} to be checked: {exception.Message} Free space there, or set {ScratchFolder.Variable} to another folder.",
                exception);
        }
    }
}
