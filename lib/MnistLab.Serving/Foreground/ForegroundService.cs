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
/// Represents a service in the foreground, for containers and process managers: it downloads its model at startup, logs
/// to standard output, needs no storage except a temporary folder, and stops on a signal. It is the same application as
/// a deployed service, but without a supervisor and an instance folder.
/// </summary>
internal sealed class ForegroundService : IDisposable
{
    private readonly ScratchFolder _scratch;
    private readonly RunSettings _settings;
    private readonly PullSettings _pull;

    private ForegroundService(ScratchFolder scratch, RunSettings settings, PullSettings pull) =>
        (_scratch, _settings, _pull) = (scratch, settings, pull);

    /// <summary>Creates the service from its options and environment variables.</summary>
    /// <param name="option">Returns the value of an option, or null if it is not given.</param>
    /// <param name="variable">Returns the value of an environment variable, or null if it is not set.</param>
    /// <exception cref="ServiceConfigurationException">An option or variable is missing or invalid, or no temporary
    /// folder can be created.</exception>
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

    /// <summary>Runs the service until it is asked to stop or fails.</summary>
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
            // Loading the model failed before the web server had started.
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            // Only the web server's message says which of the two ports is in use.
            var isGrpc = _settings.GrpcPort is { } grpcPort
                && exception.Message.Contains($":{grpcPort}:", StringComparison.Ordinal);
            var taken = isGrpc ? ForegroundOptions.GrpcPortOption : ForegroundOptions.PortOption;
            LogOf(app).LogCritical(
                "Another program listens on {Address}:{Port}. Stop it, or choose another port with {Option} or {Variable}.",
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
        if (exitCode == ServiceExitCode.Stopped) LogOf(app).LogInformation("Stopped; all requests were completed.");
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
                    $"No object store is configured. Set {StoreVariables.Endpoint}, {StoreVariables.AccessKey}, and "
                    + $"{StoreVariables.SecretKey}, or specify --store FOLDER.");
            }

            // Only options and variables are used here; stored access keys of the user are ignored.
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
