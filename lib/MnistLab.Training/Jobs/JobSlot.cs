namespace MnistLab.Training;

/// <summary>The places of the jobs that may run at once: files that one process each holds a lock on.</summary>
internal static class JobSlot
{
    /// <summary>Takes a free place, or returns null. The end of the process, however it ends, frees it again.</summary>
    /// <param name="jobsFolder">The folder of all jobs.</param>
    /// <param name="count">The number of places, at least 1.</param>
    public static FileStream? TryTake(string jobsFolder, int count)
    {
        for (var slot = 0; slot < count; slot++)
        {
            try
            {
                var file = Path.Combine(jobsFolder, $"slot-{slot}.lock");
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Directory.Exists(jobsFolder))
            {
                // Taken.
            }
        }

        return null;
    }
}
