using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MnistLab.Serving;

/// <summary>Loads the model while the service already answers that it is alive, and warms it up: opening a package includes a prediction.</summary>
internal sealed class ModelLoader(LoadedModel model, RunSettings settings, IHostApplicationLifetime lifetime, ILogger<ModelLoader> log) : BackgroundService
{
    /// <summary>What went wrong; null while nothing has.</summary>
    public Exception? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the starting thread at once: the web server comes first.
        await Task.Yield();
        try
        {
            model.Package = ModelPackage.Open(settings.PackageFolder, stoppingToken);
            log.LogInformation("Ready: {Model} {Version} ({Algorithm}).", settings.Model, settings.Version, model.Package.Config.ModelAlgorithm);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Failure = exception;
            if (exception is ModelImportException) log.LogCritical("The model cannot be loaded. {Message}", exception.Message);
            else log.LogCritical(exception, "The model cannot be loaded.");
            lifetime.StopApplication();
        }
    }
}
