using System.Globalization;
using MnistLab.Training.Jobs;
using MnistLab.Training.Metrics;

namespace MnistLab.Studio.Console.Jobs;

/// <summary>Represents a snapshot of a job, as the screens show it.</summary>
internal sealed record JobView(
    TrainingJob Job,
    JobStatus Status,
    string? Reason,
    TimeSpan Duration,
    IReadOnlyList<StepReport> Reports,
    StepReport? Validation)
{
    private const string StepsParameter = "max_number_of_steps";

    /// <summary>Gets the name of the job.</summary>
    public string Name => Job.Spec.JobName;

    /// <summary>Gets the version, such as V0001.</summary>
    public string Version => Job.Version;

    /// <summary>Gets the address of the page of the job.</summary>
    public string Address => AddressOf(Name, Version);

    /// <summary>Gets the unique key of the version.</summary>
    public string Key => $"{Name}/{Version}";

    /// <summary>Gets the number of completed steps.</summary>
    public long Step => Reports is [.., var last] ? last.Step : 0;

    /// <summary>
    /// Gets the total number of steps; null if the form leaves it to the model's preset.
    /// </summary>
    public long? Steps =>
        Job.Spec.Parameters.GetValueOrDefault(StepsParameter) is { } text
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var steps)
            ? steps
            : null;

    /// <summary>Returns the address of the page of a version.</summary>
    public static string AddressOf(string name, string version) => $"/console/jobs/{name}/{version}";

    /// <summary>Reads a job.</summary>
    /// <exception cref="TrainingJobException">Its record is missing or damaged.</exception>
    /// <exception cref="InvalidDataException">Its metrics log is damaged.</exception>
    public static JobView From(TrainingJob job)
    {
        // Read the status before the metrics: if the job has ended, the metrics are then complete.
        var status = job.Status;
        var metrics = MetricsLog.Read(job.LogDir);
        var validation = metrics.Final ?? metrics.Reports.LastOrDefault(report => report.IsValidation);
        return new JobView(job, status, job.Reason, job.Duration, metrics.Reports, validation);
    }
}
