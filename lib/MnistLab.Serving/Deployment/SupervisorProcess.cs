using MnistLab.Hosting;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Deployment;

/// <summary>Runs the program as the supervisor of an instance.</summary>
internal static class SupervisorProcess
{
    public static async Task<int> RunAsync(InstanceFolder instance)
    {
        using var alone = await FileLock.TryAcquireAsync(
            instance.SupervisorLock, TimeProvider.System, InstanceFolder.LockTimeout);
        // Another supervisor is already running: two commands may have started one at the same time.
        if (alone is null) return 0;
        DetachedProcess.Detach(instance.SupervisorLog);
        return await new Supervisor(instance, TimeProvider.System).RunAsync();
    }
}
