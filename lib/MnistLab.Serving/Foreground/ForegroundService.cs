using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MnistLab.Hosting;
using MnistLab.Models;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Online;
using MnistLab.Serving.Pipeline;
using MnistLab.Storage;
using MnistLab.Storage.Configuration;
using MnistLab.Storage.Folders;

namespace MnistLab.Serving.Foreground;

/// <summary>
/// A service in the foreground, as containers and process managers run it: it downloads its model when it starts, writes
/// its log to standard output, needs no disk but a temporary folder, and ends when it is told to by a signal. It is the
/// same application as a deployed service, without supervisor and folder.
/// </summary>
internal sealed class ForegroundService : IDisposable
{
    private readonly ScratchFolder _scratch;
    private readonly RunSettings _settings;
    private readonly PullSettings _pull;

    private ForegroundService(ScratchFolder scratch, RunSettings settings, PullSettings pull) =>
        (_scratch, _settings, _pull) = (scratch, settings, pull);

    /// <summary>Reads how the service is configured.</summary>
    /// <param name="option">Looks up an option; null where it is not given.</param>
    /// <param name="variable">Looks up an environment variable.</param>
    /// <exception cref="ServiceConfigurationException">Something is missing or invalid.</exception>
    public static ForegroundService Create(Func<ForegroundOption, string?> option, Func<string, string?> variable)
    {
        var options = new ForegroundOptions(option, variable);
        ScratchFolder? scratch = null;
        try
        {
            scratch = ScratchFolder.Create("mnistlab-serving-");
            var settings = options.ReadSettings(scratch.Path);
            var pull = new PullSettings(OpenStore(options, variable), scratch, options.StartTimeout);
            return new ForegroundService(scratch, settings, pull);
        }
        catch (ScratchFolderException exception)
        {
            throw new ServiceConfigurationException(exception.Message, exception, ServiceExitCode.Failed);
        }
        catch
        {
            scratch?.Dispose();
            throw;
        }
    }

    /// <summary>Serves until the service is asked to stop, or fails.</summary>
    /// <returns>A <see cref="ServiceExitCode"/>.</returns>
    public async Task<int> RunAsync()
    {
        await using var app = OnlineServiceApplication.Create(_settings, pull: _pull);
        var loader = app.Services.GetRequiredService<ModelLoader>();
        try
        {
            await app.StartAsync();
            await app.WaitForShutdownAsync();
        }
        catch (OperationCanceledException) when (loader.Failure is not null)
        {
            // It failed before the web server had started.
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            // The message of the web server is the only place that tells which of the two ports it is.
            var isGrpc = _settings.GrpcPort is { } grpcPort
                && exception.Message.Contains($":{grpcPort}:", StringComparison.Ordinal);
            var taken = isGrpc ? ForegroundOptions.GrpcPortOption : ForegroundOptions.PortOption;
            LogOf(app).LogCritical(
                "Another program listens at {Address}:{Port}. End it, or choose another port by {Option} or {Variable}.",
                _settings.Access!.Address,
                isGrpc ? _settings.GrpcPort : _settings.Port,
                taken.Option,
                taken.Variable);
            return ServiceExitCode.Failed;
        }

        var exitCode = loader.Failure switch
        {
            null when app.Services.GetRequiredService<HungInferenceWatchdog>().HasGivenUp => ServiceExitCode.Failed,
            null => ServiceExitCode.Stopped,
            ModelImportException => ServiceExitCode.InvalidModel,
            ObjectStoreException { Error: ObjectStoreError.NoSuchBucket or ObjectStoreError.NoSuchKey } =>
                ServiceExitCode.InvalidModel,
            ObjectStoreException => ServiceExitCode.StoreUnavailable,
            _ => ServiceExitCode.Failed,
        };
        if (exitCode == ServiceExitCode.Stopped) LogOf(app).LogInformation("Stopped; no request was left.");
        return exitCode;
    }

    /// <summary>Deletes the downloaded model.</summary>
    public void Dispose() => _scratch.Dispose();

    private static IObjectStore OpenStore(ForegroundOptions options, Func<string, string?> variable)
    {
        try
        {
            if (options.StoreFolder is { } folder && !Directory.Exists(folder))
            {
                throw new ServiceConfigurationException(
                    $"{ForegroundOptions.StoreOption.Option}: there is no folder '{folder}'. "
                    + $"Give the folder of the object store, or set {StoreVariables.Endpoint}.");
            }

            if (options.StoreFolder is null && string.IsNullOrEmpty(variable(StoreVariables.Endpoint)))
            {
                throw new ServiceConfigurationException(
                    $"Where is the model? Set {StoreVariables.Endpoint}, {StoreVariables.AccessKey}, and "
                    + $"{StoreVariables.SecretKey} to the object store, or give --store FOLDER.");
            }

            // Options and variables alone decide: the access keys of a user are for the programs of that user.
            return options.StoreFolder is null || ObjectStores.IsNamedBy(variable)
                ? ObjectStores.Open(variable, "")
                : new FolderObjectStore(options.StoreFolder);
        }
        catch (ObjectStoreException exception)
        {
            throw new ServiceConfigurationException(exception.Message, exception);
        }
    }

    private static ILogger LogOf(WebApplication app) => app.Services.GetRequiredService<ILogger<ForegroundService>>();
}
