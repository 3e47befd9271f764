using MnistLab.Hosting;

namespace MnistLab.Training.Jobs;

/// <summary>The slots of the jobs that may run at once: files that one process each holds a lock on.</summary>
internal static class JobSlot
{
    /// <summary>Takes a free slot, or returns null. The end of the process, however it ends, releases it.</summary>
    /// <param name="jobsFolder">The folder of all jobs.</param>
    /// <param name="count">The number of slots, at least 1.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write to the folder.</exception>
    public static FileLock? TryTake(string jobsFolder, int count)
    {
        for (var slot = 0; slot < count; slot++)
        {
            var file = Path.Combine(jobsFolder, FormattableString.Invariant($"slot-{slot}.lock"));
            if (FileLock.TryAcquire(file) is { } taken) return taken;
        }

        return null;
    }
}
