using MnistLab.Hosting;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Deployment;

/// <summary>Determines the current state of a service from its record and its processes.</summary>
internal static class ServiceInspector
{
    /// <summary>
    /// Returns the record, updated to the current state; null if no service was ever deployed to the folder.
    /// </summary>
    /// <param name="folder">The service's folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isMine">Whether the caller holds the deployment lock, so that no other process is
    /// deploying.</param>
    public static ServiceRecord? Inspect(ServiceFolder folder, TimeProvider time, bool isMine)
    {
        try
        {
            return folder.ReadRecord() is { } record ? Inspect(folder, record, isMine) : null;
        }
        // An unreadable service must not prevent the others from being listed.
        catch (InvalidDataException exception)
        {
            return Unreadable($"Its files are damaged: {exception.Message} Delete it, and deploy it again.");
        }
        catch (UnauthorizedAccessException exception)
        {
            return Unreadable($"Its files cannot be read: {exception.Message} Check their owner and permissions.");
        }

        ServiceRecord Unreadable(string reason) => new(ServiceStatus.Failed, [], "", "", time.GetUtcNow(), Reason: reason);
    }

    private static ServiceRecord Inspect(ServiceFolder folder, ServiceRecord record, bool isMine)
    {
        var isUnderWay = record.Status is ServiceStatus.Deploying or ServiceStatus.Stopping or ServiceStatus.Deleting;
        if (record.Status is ServiceStatus.Failed or ServiceStatus.Stopped) return record;
        if (isUnderWay && !isMine && FileLock.IsHeld(folder.DeploymentLock)) return record;

        // The process that was deploying or stopping the service has ended. An interrupted deployment may have left a
        // running instance other than the recorded one.
        var running = folder.Instances()
            .OrderByDescending(name => name == record.Instance)
            .FirstOrDefault(name => IsRunning(folder.Instance(name)));
        if (running is not null) return InspectRunning(folder.Instance(running), record with { Instance = running });
        if (record.Status == ServiceStatus.Deploying)
            return record with { Status = ServiceStatus.Failed, Reason = "Its deployment was interrupted. Deploy it again." };

        // The supervisor reports the reason, or the service itself if its supervisor had already ended.
        var instance = folder.Instance(record.Instance);
        var reason = instance.ReadSupervisor() is { Phase: SupervisorPhase.Stopped } supervisor
            ? supervisor.Reason
            : instance.ReadState()?.Stopped;
        if (reason is not null) return record with { Status = ServiceStatus.Stopped, Reason = reason };
        reason = $"The service and its supervisor are no longer running.{Environment.NewLine}{instance.ReadLogEnd()}".TrimEnd();
        return record with { Status = ServiceStatus.Failed, Reason = reason };
    }

    // An instance that still waits for its predecessor to end is not the current one.
    private static bool IsRunning(InstanceFolder instance) =>
        (instance.IsSupervised || instance.IsAlive) && instance.FindSettings() is { TakesOver: false };

    // The settings are more current than the record, because the service itself saves them once it has loaded its
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
            var reason =
                $"Its supervisor is not running, so the service is not restarted after a crash. Start the supervisor with: services start {name}";
            return record with { Status = ServiceStatus.Concerning, Reason = reason };
        }

        var isConcerning = instance.ReadSupervisor()?.Crashes >= RestartPolicy.Concerning;
        return record with { Status = isConcerning ? ServiceStatus.Concerning : ServiceStatus.Running, Reason = null };
    }
}
