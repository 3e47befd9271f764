using System.Globalization;
using MnistLab.Notebooks.Display;
using MnistLab.Notebooks.Texts;
using MnistLab.Training.Jobs;

namespace MnistLab.Notebooks;

/// <summary>Training jobs in a notebook.</summary>
public static class TrainingJobDisplay
{
    private const string StepsParameter = "max_number_of_steps";

    /// <summary>Follows a job to its end, and shows in the running cell how it goes on. Interrupting the cell ends the following; the job goes on.</summary>
    /// <param name="job">The job.</param>
    /// <param name="steps">How many steps it has; if null, what its parameter <c>max_number_of_steps</c> says, if it has one.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <returns>What was shown.</returns>
    /// <exception cref="TrainingJobException">The job failed, was stopped, or its process is gone; the message quotes the end of its log.</exception>
    public static async Task<LiveTraining> FollowAsync(this TrainingJob job, long? steps = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (steps is null && job.Spec.Parameters.TryGetValue(StepsParameter, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var given)) steps = given;
        var live = new LiveTraining(steps);
        try
        {
            await job.WaitAsync(progress: live, cancellationToken: cancellationToken);
        }
        finally
        {
            live.End(TrainingTexts.JobEnded.With(job, job.Duration.TotalSeconds));
        }

        return live;
    }
}
