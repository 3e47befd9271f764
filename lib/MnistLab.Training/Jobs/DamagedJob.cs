namespace MnistLab.Training.Jobs;

/// <summary>Represents a job whose record, <c>job.json</c>, cannot be read.</summary>
/// <param name="JobName">The job's name.</param>
/// <param name="Version">The version, such as V0001.</param>
/// <param name="Problem">The file, the problem, and the remedy.</param>
public sealed record DamagedJob(string JobName, string Version, string Problem);
