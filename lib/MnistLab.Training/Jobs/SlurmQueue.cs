namespace MnistLab.Training.Jobs;

/// <summary>
/// Tells the states of this user's jobs on a Slurm cluster. They are asked for together, at most once a second, however
/// many jobs are followed.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class SlurmQueue(TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Dictionary<string, string>? _states;
    private long _read;

    /// <summary>Returns the state of a job, such as <c>PENDING</c>.</summary>
    /// <param name="id">The job, such as <c>12</c>, or <c>12_3</c> for a task of an array.</param>
    /// <param name="now">Whether to ask again even if the states are known.</param>
    /// <returns>
    /// The state; an empty text if Slurm does not know the job any more, which it forgets minutes after its end; null
    /// if the controller cannot be asked at present.
    /// </returns>
    public string? StateOf(string id, bool now = false)
    {
        lock (_lock)
        {
            // A job that was just submitted is not among those read before.
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
            // A controller that restarts is no reason to give up jobs that go on without it.
            return null;
        }
    }
}
