namespace MnistLab.Training.Jobs;

/// <summary>Represents the Slurm cluster that this machine submits jobs to.</summary>
public static class SlurmCluster
{
    /// <summary>
    /// Returns whether a cluster is available: Slurm's commands are installed, its controller responds, and at least
    /// one node is not down.
    /// </summary>
    /// <param name="cancellationToken">A token to stop waiting for the controller.</param>
    public static async Task<bool> IsAvailableAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            // sinfo may succeed without listing any nodes.
            var states = await Task.Run(() => SlurmCommand.Run("sinfo", ["--noheader", "--format=%T"]), cancellationToken)
                .WaitAsync(cancellationToken);
            return states.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Any(state => !state.StartsWith("down", StringComparison.Ordinal));
        }
        catch (TrainingJobException)
        {
            return false;
        }
    }
}
