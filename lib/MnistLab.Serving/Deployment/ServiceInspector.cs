using MnistLab.Hosting;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Deployment;

/// <summary>
/// Determines the state of a service from its record and from what has become of its processes since that was written.
/// </summary>
internal static class ServiceInspector
{
    /// <summary>Returns the record as it is now; null if no service was ever deployed to the folder.</summary>
    /// <param name="folder">The service's folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isMine">Whether the caller holds the deployment lock, so that nobody else is deploying.</param>
    public static ServiceRecord? Inspect(ServiceFolder folder, TimeProvider time, bool isMine)
    {
        try
        {
            return folder.ReadRecord() is { } record ? Inspect(folder, record, isMine) : null;
        }
        // A service that cannot be read must not keep the others from being listed.
        catch (InvalidDataException exception)
        {
            return Unreadable($"Its files are damaged: {exception.Message} Delete it, and deploy it again.");
        }
        catch (UnauthorizedAccessException exception)
        {
            return Unreadable($"Its files cannot be read: {exception.Message} Check who owns them.");
        }

        ServiceRecord Unreadable(string reason) => new(ServiceStatus.Failed, [], "", "", time.GetUtcNow(), Reason: reason);
    }

    private static ServiceRecord Inspect(ServiceFolder folder, ServiceRecord record, bool isMine)
    {
        var isUnderWay = record.Status is ServiceStatus.Deploying or ServiceStatus.Stopping or ServiceStatus.Deleting;
        if (record.Status is ServiceStatus.Failed or ServiceStatus.Stopped) return record;
        if (isUnderWay && !isMine && FileLock.IsHeld(folder.DeploymentLock)) return record;

        // Whoever was at it is gone. A deployment that was killed may have left its instance in the place of the
        // recorded one.
        var running = folder.Instances()
            .OrderByDescending(name => name == record.Instance)
            .FirstOrDefault(name => IsRunning(folder.Instance(name)));
        if (running is not null) return InspectRunning(folder.Instance(running), record with { Instance = running });
        if (record.Status == ServiceStatus.Deploying)
            return record with { Status = ServiceStatus.Failed, Reason = "Its deployment was interrupted. Deploy it again." };

        // The supervisor reports the end, or the service itself if its supervisor was gone before.
        var instance = folder.Instance(record.Instance);
        var reason = instance.ReadSupervisor() is { Phase: SupervisorPhase.Stopped } supervisor
            ? supervisor.Reason
            : instance.ReadState()?.Stopped;
        if (reason is not null) return record with { Status = ServiceStatus.Stopped, Reason = reason };
        reason = $"The service and its supervisor are gone.{Environment.NewLine}{instance.ReadLogEnd()}".TrimEnd();
        return record with { Status = ServiceStatus.Failed, Reason = reason };
    }

    // One that waits for its predecessor to end is not the service yet.
    private static bool IsRunning(InstanceFolder instance) =>
        (instance.IsSupervised || instance.IsAlive) && instance.FindSettings() is { TakesOver: false };

    // The settings tell what is served better than the record: the service itself writes them when it has loaded its
    // models.
    private static ServiceRecord InspectRunning(InstanceFolder instance, ServiceRecord record)
    {
        var settings = instance.FindSettings();
        if (settings is { Models.Count: > 0 })
        {
            record = record with
            {
                Port = settings.Port,
                GrpcPort = settings.GrpcPort,
                Models = [.. settings.Models.Select(model => new DeployedModel(model.Model, model.Version, model.Weight, model.Location))],
            };
        }

        if (!instance.IsSupervised)
        {
            var name = instance.Service.Name;
            var reason = $"Its supervisor is gone, so a crash would end it. Supervise it again with: services start {name}";
            return record with { Status = ServiceStatus.Concerning, Reason = reason };
        }

        var isConcerning = instance.ReadSupervisor()?.Crashes >= RestartPolicy.Concerning;
        return record with { Status = isConcerning ? ServiceStatus.Concerning : ServiceStatus.Running, Reason = null };
    }
}
