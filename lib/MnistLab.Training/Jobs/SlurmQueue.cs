namespace MnistLab.Training.Jobs;

/// <summary>
/// Returns the states of this user's jobs on a Slurm cluster. The states of all jobs are queried together and cached
/// for one second, regardless of the number of jobs followed.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class SlurmQueue(TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Dictionary<string, string>? _states;
    private long _read;

    /// <summary>Returns the state of a job, such as <c>PENDING</c>.</summary>
    /// <param name="id">The ID of the job, such as <c>12</c>, or <c>12_3</c> for a task of an array.</param>
    /// <param name="now">Whether to query Slurm even if the state is cached.</param>
    /// <returns>
    /// The state; an empty string if Slurm no longer lists the job, which happens minutes after its end; null if the
    /// controller does not respond at present.
    /// </returns>
    public string? StateOf(string id, bool now = false)
    {
        lock (_lock)
        {
            // A newly submitted job is not in the cache yet.
            if (now || _states?.ContainsKey(id) != true || time.GetElapsedTime(_read) > MaxAge)
            {
                _states = Read();
                _read = time.GetTimestamp();
            }

            return _states is null ? null : _states.GetValueOrDefault(id, "");
        }
    }

    private static Dictionary<string, string>? Read()
    {
        try
        {
            string[] arguments = ["--noheader", "--array", "--me", "--states=all", "--format=%i|%T"];
            return SlurmCommand.Run("squeue", arguments)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Trim().Split('|'))
                .Where(fields => fields.Length == 2)
                .ToDictionary(fields => fields[0], fields => fields[1], StringComparer.Ordinal);
        }
        catch (TrainingJobException)
        {
            // Jobs keep running while the controller restarts, so this is not an error.
            return null;
        }
    }
}
