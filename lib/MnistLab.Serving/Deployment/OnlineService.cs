namespace MnistLab.Serving;

/// <summary>An online service as it was when it was looked up.</summary>
public sealed class OnlineService
{
    private readonly OnlineServices _services;

    internal OnlineService(OnlineServices services, string name, ServiceRecord record, string logFile)
    {
        _services = services;
        (Name, Status, Model, Version, Started, Url, ProcessId, Reason, LogFile) =
            (name, record.Status, record.Model, record.Version, record.Started, record.Url, record.ProcessId, record.Reason, logFile);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Where it stood.</summary>
    public ServiceStatus Status { get; }

    /// <summary>The name of the model it serves.</summary>
    public string Model { get; }

    /// <summary>The version of that model.</summary>
    public ModelVersion Version { get; }

    /// <summary>When it was deployed.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>Its address, on the loopback interface; null unless it runs.</summary>
    public Uri? Url { get; }

    /// <summary>Its process; null unless it runs.</summary>
    public int? ProcessId { get; }

    /// <summary>Why it failed; null unless it did.</summary>
    public string? Reason { get; }

    /// <summary>Its log: one line an event, UTF-8.</summary>
    public string LogFile { get; }

    /// <summary>Stops it and waits until it has ended; requests under way are finished first. One that does not run stays as it is.</summary>
    /// <returns>The service, stopped.</returns>
    public Task<OnlineService> StopAsync(CancellationToken cancellationToken = default) => _services.StopAsync(Name, cancellationToken);

    /// <summary>The service in one line, for people to read.</summary>
    public override string ToString() => Status switch
    {
        ServiceStatus.Running => $"{Name}: running, {Model} {Version}, {Url}",
        ServiceStatus.Failed => $"{Name}: failed, {Model} {Version}. {Reason}",
        _ => $"{Name}: {Status.ToString().ToLowerInvariant()}, {Model} {Version}",
    };
}
