using MnistLab.Hosting;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Deployment;

/// <summary>The program as a supervisor.</summary>
internal static class SupervisorProcess
{
    public static async Task<int> RunAsync(InstanceFolder instance)
    {
        using var alone = await FileLock.TryAcquireAsync(
            instance.SupervisorLock, TimeProvider.System, InstanceFolder.LockTimeout);
        // One is enough: two commands may have found the service without one.
        if (alone is null) return 0;
        DetachedProcess.Detach(instance.SupervisorLog);
        return await new Supervisor(instance, TimeProvider.System).RunAsync();
    }
}
