using System.Globalization;
using MnistLab.Client;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Deployment;

/// <summary>An online service as it was when it was looked up.</summary>
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

    /// <summary>Its name.</summary>
    public string Name => _folder.Name;

    /// <summary>Where it stood.</summary>
    public ServiceStatus Status { get; }

    /// <summary>What it answers with, and how the requests are shared out.</summary>
    public IReadOnlyList<DeployedModel> Models { get; }

    /// <summary>The name of the model it serves.</summary>
    public string Model => Models.FirstOrDefault()?.Name ?? "";

    /// <summary>The version that gets most requests.</summary>
    public ModelVersion Version => Models.MaxBy(model => model.Weight)?.Version ?? default;

    /// <summary>When it was deployed.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>
    /// Its address, as this machine reaches it; it stays the same when the service is changed or crashes. Null unless
    /// it runs.
    /// </summary>
    public Uri? Url { get; }

    /// <summary>
    /// Where it speaks gRPC, such as <c>http://127.0.0.1:20001</c>, as this machine reaches it: HTTP/2 without
    /// encryption. Null unless it runs and has such a port.
    /// </summary>
    public Uri? GrpcUrl { get; }

    /// <summary>Its process, another one after a crash; null unless it runs.</summary>
    public int? ProcessId { get; }

    /// <summary>When it stops by itself; null for never, and unless it runs.</summary>
    public DateTimeOffset? StopAt { get; }

    /// <summary>How long one prediction may take; null unless it runs.</summary>
    public TimeSpan? PredictionLimit { get; }

    /// <summary>
    /// Where it can be reached from, and with which secrets; null for this machine alone. Printing it prints no
    /// secrets.
    /// </summary>
    public AccessSettings? Access { get; }

    /// <summary>How often it was restarted after a crash.</summary>
    public int Restarts { get; }

    /// <summary>How far its deployment is; null unless it is being deployed.</summary>
    public DeploymentProgress? Progress { get; }

    /// <summary>Why it failed, was stopped, or is concerning, if that is known; null otherwise.</summary>
    public string? Reason { get; }

    /// <summary>Its log: one line an event, UTF-8.</summary>
    public string LogFile => _instance.Log;

    /// <summary>What has happened to it, the oldest first.</summary>
    public IReadOnlyList<ServiceEvent> ReadEvents() => _folder.ReadEvents();

    /// <summary>What it has been configured to be, one entry a change, the oldest first.</summary>
    public IReadOnlyList<ConfigurationChange> ReadHistory() => _folder.ReadHistory();

    /// <summary>The last lines of its log, also of processes that have crashed, the oldest first.</summary>
    public IReadOnlyList<string> ReadLog(int lines = 100) => _instance.ReadLog(lines);

    /// <summary>A client that asks this service, with its token if it has one.</summary>
    /// <exception cref="DeploymentException">It did not run when it was looked up.</exception>
    public PredictionClient CreateClient() =>
        new(RequireUrl(), new PredictionClientOptions { Token = Access?.Token, AppCode = Access?.AppCode }, CreateHandler(), TimeProvider.System);

    /// <summary>
    /// Creates a client for plain HTTP requests to this service: relative addresses, its token if it has one, and no
    /// proxy, since it runs on this machine.
    /// </summary>
    /// <exception cref="DeploymentException">The service did not run when it was looked up.</exception>
    public HttpClient CreateHttpClient()
    {
        var http = new HttpClient(CreateHandler()) { BaseAddress = RequireUrl() };
        if (Access?.Token is { } token) http.DefaultRequestHeaders.Add(AccessControl.TokenHeader, token);
        if (Access?.AppCode is { } appCode) http.DefaultRequestHeaders.Add(AccessControl.AppCodeHeader, appCode);
        return http;
    }

    /// <summary>
    /// Stops it and waits until it has ended; requests under way are finished first. One that does not run stays as it
    /// is.
    /// </summary>
    /// <returns>The service, stopped.</returns>
    public Task<OnlineService> StopAsync(CancellationToken cancellationToken = default) => _services.StopAsync(Name, cancellationToken);

    /// <summary>The service in one line, for people to read.</summary>
    public override string ToString()
    {
        var models = Models.Count == 1 ? $"{Model} {Version}" : string.Join(", ", Models);
        return Status switch
        {
            ServiceStatus.Running or ServiceStatus.Concerning => $"{Name}: {Status.ToString().ToLowerInvariant()}, {models}, {Url}{(GrpcUrl is null ? "" : $", gRPC at {GrpcUrl.Authority}")}{(Reason is null ? "" : $". {Reason}")}",
            ServiceStatus.Failed => $"{Name}: failed{(Models.Count > 0 ? $", {models}" : "")}. {Reason}",
            ServiceStatus.Deploying => string.Create(CultureInfo.InvariantCulture, $"{Name}: deploying, {models}, {Progress?.Percent} %, {Progress?.Message}"),
            _ => $"{Name}: {Status.ToString().ToLowerInvariant()}, {models}",
        };
    }

    private Uri RequireUrl() => Url ?? throw new DeploymentException($"The service does not run ({this}). Deploy it again.");

    // On this machine, whichever of its addresses the service listens at.
    private static SocketsHttpHandler CreateHandler() => new() { UseProxy = false };

    internal static Uri UrlOf(ServiceRecord record) => ServiceAddress.UrlOf(record.Address, record.Port ?? 0);
}
