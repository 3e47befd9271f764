using MnistLab.Hosting;

namespace MnistLab.Training.Jobs;

/// <summary>Limits the number of jobs that run at once by slots: files, each locked by at most one process.</summary>
internal static class JobSlot
{
    /// <summary>
    /// Acquires a free slot, or returns null if there is none. The slot is released when the process ends for any
    /// reason.
    /// </summary>
    /// <param name="jobsFolder">The folder of all jobs.</param>
    /// <param name="count">The number of slots, at least 1.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no write access to the folder.</exception>
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
