namespace MnistLab.Training.Jobs;

/// <summary>Represents the Slurm cluster that this machine submits jobs to.</summary>
public static class SlurmCluster
{
    /// <summary>
    /// Returns whether there is a cluster: Slurm's commands are installed, its controller responds, and it has nodes.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting for the controller.</param>
    public static async Task<bool> IsAvailableAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            // Without an error, sinfo may still list nothing.
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
