using System.Globalization;
using MnistLab.Client;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Deployment;

/// <summary>Represents a snapshot of an online service, taken when it was looked up.</summary>
public sealed class OnlineService
{
    private readonly OnlineServices _services;
    private readonly ServiceFolder _folder;
    private readonly InstanceFolder _instance;

    internal OnlineService(OnlineServices services, ServiceFolder folder, ServiceRecord record)
    {
        (_services, _folder, _instance) = (services, folder, folder.Instance(record.Instance));
        (Status, Models, Started, Reason) = (record.Status, record.Models, record.Started, record.Reason);
        if (record.Status == ServiceStatus.Deploying) Progress = new DeploymentProgress(record.Percent, record.Step ?? "");
        var settings = _instance.FindSettings();
        Access = settings?.Access;
        if (!record.Status.IsUp()) return;
        (Url, StopAt, PredictionLimit) = (UrlOf(record), settings?.StopAt, settings?.PredictionLimit);
        GrpcUrl = record.GrpcPort is { } grpcPort ? ServiceAddress.UrlOf(record.Address, grpcPort) : null;
        ProcessId = _instance.ReadState()?.ProcessId;
        Restarts = _instance.ReadSupervisor()?.Restarts ?? 0;
    }

    /// <summary>Gets the name of the service.</summary>
    public string Name => _folder.Name;

    /// <summary>Gets the status.</summary>
    public ServiceStatus Status { get; }

    /// <summary>Gets the model versions that the service serves, and their shares of the requests.</summary>
    public IReadOnlyList<DeployedModel> Models { get; }

    /// <summary>Gets the name of the served model; empty if there is none.</summary>
    public string Model => Models.FirstOrDefault()?.Name ?? "";

    /// <summary>Gets the version with the largest share of the requests.</summary>
    public ModelVersion Version => Models.MaxBy(model => model.Weight)?.Version ?? default;

    /// <summary>Gets the time of the deployment.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>
    /// Gets the URL at which this machine reaches the service. It stays the same when the service is changed or
    /// crashes. Null unless the service is running.
    /// </summary>
    public Uri? Url { get; }

    /// <summary>
    /// Gets the URL at which this machine reaches the service's gRPC port, such as <c>http://127.0.0.1:20001</c>; gRPC
    /// uses HTTP/2 without encryption. Null unless the service is running and has a gRPC port.
    /// </summary>
    public Uri? GrpcUrl { get; }

    /// <summary>
    /// Gets the ID of the service's process, which changes after a crash; null unless the service is running.
    /// </summary>
    public int? ProcessId { get; }

    /// <summary>
    /// Gets the time at which the service stops automatically; null for never, and unless the service is running.
    /// </summary>
    public DateTimeOffset? StopAt { get; }

    /// <summary>Gets the time limit of one prediction; null unless the service is running.</summary>
    public TimeSpan? PredictionLimit { get; }

    /// <summary>
    /// Gets the address to listen on and the secrets that requests must carry; null if only this machine can reach the
    /// service. Its string representation contains no secrets.
    /// </summary>
    public AccessSettings? Access { get; }

    /// <summary>Gets the number of restarts after crashes.</summary>
    public int Restarts { get; }

    /// <summary>Gets the progress of the deployment; null unless the service is being deployed.</summary>
    public DeploymentProgress? Progress { get; }

    /// <summary>
    /// Gets the reason why the service failed, was stopped, or is concerning; null if there is none or it is unknown.
    /// </summary>
    public string? Reason { get; }

    /// <summary>Gets the path of the log: UTF-8, one line per event.</summary>
    public string LogFile => _instance.Log;

    /// <summary>Returns the events of the service, oldest first.</summary>
    public IReadOnlyList<ServiceEvent> ReadEvents() => _folder.ReadEvents();

    /// <summary>Returns the configuration history, one entry per change, oldest first.</summary>
    public IReadOnlyList<ConfigurationChange> ReadHistory() => _folder.ReadHistory();

    /// <summary>
    /// Returns the last lines of the log, oldest first, including those of processes that have crashed.
    /// </summary>
    public IReadOnlyList<string> ReadLog(int lines = 100) => _instance.ReadLog(lines);

    /// <summary>Creates a client for predictions by this service, with its secrets if it has any.</summary>
    /// <exception cref="DeploymentException">The service was not running when it was looked up.</exception>
    public PredictionClient CreateClient() =>
        new(
            RequireUrl(),
            new PredictionClientOptions { Token = Access?.Token, AppCode = Access?.AppCode },
            CreateHandler(),
            TimeProvider.System);

    /// <summary>
    /// Creates a client for plain HTTP requests to this service: the base address is that of the service, the secrets
    /// are added if there are any, and no proxy is used, since the service runs on this machine.
    /// </summary>
    /// <exception cref="DeploymentException">The service was not running when it was looked up.</exception>
    public HttpClient CreateHttpClient()
    {
        var http = new HttpClient(CreateHandler()) { BaseAddress = RequireUrl() };
        if (Access?.Token is { } token) http.DefaultRequestHeaders.Add(AccessControl.TokenHeader, token);
        if (Access?.AppCode is { } appCode) http.DefaultRequestHeaders.Add(AccessControl.AppCodeHeader, appCode);
        return http;
    }

    /// <summary>
    /// Stops the service and waits until it has ended; requests in flight are finished first. Does nothing if the
    /// service is not running.
    /// </summary>
    /// <returns>The stopped service.</returns>
    public Task<OnlineService> StopAsync(CancellationToken cancellationToken = default) => _services.StopAsync(Name, cancellationToken);

    /// <summary>Returns a one-line description of the service.</summary>
    public override string ToString()
    {
        var models = Models.Count == 1 ? $"{Model} {Version}" : string.Join(", ", Models);
        return Status switch
        {
            ServiceStatus.Running or ServiceStatus.Concerning =>
                $"{Name}: {Status.ToString().ToLowerInvariant()}, {models}, {Url}{(GrpcUrl is null ? "" : $", gRPC at {GrpcUrl.Authority}")}{(Reason is null ? "" : $". {Reason}")}",
            ServiceStatus.Failed => $"{Name}: failed{(Models.Count > 0 ? $", {models}" : "")}. {Reason}",
            ServiceStatus.Deploying => string.Create(
                CultureInfo.InvariantCulture,
                $"{Name}: deploying, {models}, {Progress?.Percent}%, {Progress?.Message}"),
            _ => $"{Name}: {Status.ToString().ToLowerInvariant()}, {models}",
        };
    }

    private Uri RequireUrl() => Url ?? throw new DeploymentException($"The service is not running ({this}). Deploy it again.");

    // The service runs on this machine, on whichever address it listens, so no proxy is used.
    private static SocketsHttpHandler CreateHandler() => new() { UseProxy = false };

    internal static Uri UrlOf(ServiceRecord record) => ServiceAddress.UrlOf(record.Address, record.Port ?? 0);
}
