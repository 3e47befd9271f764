namespace MnistLab.Serving;

/// <summary>The program as a supervisor.</summary>
internal static class SupervisorProcess
{
    public static async Task<int> RunAsync(InstanceFolder run)
    {
        using var alone = await FileLock.TakeSoonAsync(run.SupervisorLock, TimeProvider.System);
        // One is enough: this one was started where there was another, or where the end of one was seen twice.
        if (alone is null) return 0;
        DetachedProcess.Detach(run.SupervisorLog);
        return await new Supervisor(run, TimeProvider.System).RunAsync();
    }
}
