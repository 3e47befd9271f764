using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MnistLab.Hosting;
using MnistLab.Models;
using MnistLab.Serving.Instances;
using MnistLab.Storage;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Loads the models in the background, while the service already reports that it is alive. Opening a package includes a
/// prediction, which warms up the model.
/// </summary>
internal sealed class ModelLoader(
    ServedModels models,
    RunSettings settings,
    IHostApplicationLifetime lifetime,
    ILogger<ModelLoader> log,
    ModelPull? pull = null)
    : BackgroundService
{
    private readonly Lock _turn = new();

    /// <summary>Gets the exception that made loading fail; null if loading has not failed.</summary>
    public Exception? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Yields so that loading does not delay the start of the web server.
        await Task.Yield();
        try
        {
            if (pull is not null) await pull.RunAsync(settings.Models, stoppingToken);
            lock (_turn)
            {
                // The models may have been loaded before the web server started, or a configuration change may have
                // arrived since; in both cases, keep them instead of the models from startup.
                if (models.IsReady) return;
                Load(settings.Models, settings.PredictionLimit, null, stoppingToken);
            }

            log.LogInformation("Ready: {Models}.", string.Join(", ", models.Current));
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Failure = exception;
            var locations = string.Join(", ", settings.Models.Select(model => model.Location));
            if (exception is ModelImportException or ObjectStoreException or ScratchFolderException)
                log.LogCritical("The model {Locations} cannot be loaded. {Message}", locations, exception.Message);
            else log.LogCritical(exception, "The model {Locations} cannot be loaded.", locations);
            lifetime.StopApplication();
        }
    }

    /// <summary>
    /// Loads the versions that are not loaded yet, and serves all of them from then on. If one cannot be loaded, the
    /// service keeps serving the previous models.
    /// </summary>
    /// <param name="versions">The versions to serve; the weights sum to 100.</param>
    /// <param name="predictionLimit">The time limit of one prediction.</param>
    /// <param name="loadedAll">Called when all versions are loaded but not yet served; if it throws, the service keeps
    /// serving the previous models.</param>
    /// <param name="cancellationToken">Cancels loading.</param>
    /// <exception cref="ModelImportException">A package cannot be used.</exception>
    public void Serve(
        IReadOnlyList<ServedVersion> versions,
        TimeSpan predictionLimit,
        Action? loadedAll,
        CancellationToken cancellationToken)
    {
        // Serialized, so that loading at startup cannot overwrite a configuration change that arrives in the meantime.
        lock (_turn) Load(versions, predictionLimit, loadedAll, cancellationToken);
    }

    private void Load(
        IReadOnlyList<ServedVersion> versions,
        TimeSpan predictionLimit,
        Action? loadedAll,
        CancellationToken cancellationToken)
    {
        var loaded = new List<ServedModel>();
        try
        {
            var next = versions.Select(version => (Model: Find(version) ?? Open(version), version.Weight)).ToList();
            loadedAll?.Invoke();
            models.Replace(next);
        }
        catch
        {
            foreach (var model in loaded) model.Release();
            throw;
        }

        ServedModel? Find(ServedVersion version) => models.Loaded.FirstOrDefault(model =>
            model.Version with { Weight = version.Weight } == version && model.PredictionLimit == predictionLimit);

        ServedModel Open(ServedVersion version)
        {
            var package = LoadedModel.Open(version.PackageFolder, cancellationToken);
            var model = new ServedModel(version, package, predictionLimit);
            loaded.Add(model);
            return model;
        }
    }
}
