using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MnistLab.Hosting;
using MnistLab.Models;
using MnistLab.Serving.Instances;
using MnistLab.Storage;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Loads the models while the service already answers that it is alive, and warms them up: opening a package includes
/// a prediction.
/// </summary>
internal sealed class ModelLoader(
    ServedModels models,
    RunSettings settings,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<ModelLoader> log,
    ModelPull? pull = null)
    : BackgroundService
{
    private readonly Lock _turn = new();

    /// <summary>What went wrong; null while nothing has.</summary>
    public Exception? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the starting thread at once: the web server comes first.
        await Task.Yield();
        try
        {
            if (pull is not null) await pull.RunAsync(settings.Models, stoppingToken);
            lock (_turn)
            {
                // Loaded before the web server was started, or configured since: what is served by now is newer than
                // what the process was started with.
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
    /// Loads what is not loaded yet, and serves it from then on. If one cannot be loaded, what was served before is
    /// served still.
    /// </summary>
    /// <param name="versions">What to serve; the weights sum to 100.</param>
    /// <param name="predictionLimit">How long one prediction may take.</param>
    /// <param name="loadedAll">Called when all are loaded and none is served yet; what it throws leaves everything as
    /// it was.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="ModelImportException">A package cannot be used.</exception>
    public void Serve(IReadOnlyList<ServedVersion> versions, TimeSpan predictionLimit, Action? loadedAll, CancellationToken cancellationToken)
    {
        // One after the other: a change that arrives while the first models are being loaded must not be undone by
        // them.
        lock (_turn) Load(versions, predictionLimit, loadedAll, cancellationToken);
    }

    private void Load(IReadOnlyList<ServedVersion> versions, TimeSpan predictionLimit, Action? loadedAll, CancellationToken cancellationToken)
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

        ServedModel? Find(ServedVersion version) => models.Loaded.FirstOrDefault(model => model.Version with { Weight = version.Weight } == version && model.PredictionLimit == predictionLimit);

        ServedModel Open(ServedVersion version)
        {
            var model = new ServedModel(version, LoadedModel.Open(version.PackageFolder, cancellationToken), predictionLimit, time);
            loaded.Add(model);
            return model;
        }
    }
}
