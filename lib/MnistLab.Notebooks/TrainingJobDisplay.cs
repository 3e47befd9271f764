using System.Globalization;
using MnistLab.Notebooks.Display;
using MnistLab.Notebooks.Texts;
using MnistLab.Training.Jobs;

namespace MnistLab.Notebooks;

/// <summary>Displays training jobs in a notebook.</summary>
public static class TrainingJobDisplay
{
    private const string StepsParameter = "max_number_of_steps";

    /// <summary>
    /// Waits for a job to end, and shows its progress in the running cell. If the cell is interrupted, the wait
    /// ends, but the job continues.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="steps">
    /// The number of steps; null for the value of the job's parameter <c>max_number_of_steps</c>, if it has one.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The display.</returns>
    /// <exception cref="TrainingJobException">
    /// The job failed, was stopped, or lost its process; the message quotes the end of its log.
    /// </exception>
    public static async Task<LiveTraining> FollowAsync(
        this TrainingJob job, long? steps = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (steps is null
            && job.Spec.Parameters.TryGetValue(StepsParameter, out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var given))
            steps = given;
        var live = new LiveTraining(steps);
        try
        {
            await job.WaitAsync(progress: live, cancellationToken: cancellationToken);
        }
        finally
        {
            var status = DisplayTerms.Translate($"{job.Status}");
            live.End(TrainingTexts.JobEnded.With(job.Spec.JobName, job.Version, status, job.Duration.TotalSeconds));
        }

        return live;
    }
}
