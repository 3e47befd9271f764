using System.Globalization;
using System.Text.RegularExpressions;
using MnistLab.Data.Datasets;
using MnistLab.Storage;
using MnistLab.Training.Workers;

namespace MnistLab.Training.Jobs;

/// <summary>Represents the specification of a training job, with the same fields as the platform's form.</summary>
public sealed partial record TrainingJobSpec
{
    private const int MaxWorkerCount = 1024;

    /// <summary>Gets the name of the job: 1–64 ASCII letters, digits, underscores, and hyphens.</summary>
    public required string JobName { get; init; }

    /// <summary>Gets the description of the job, at most 256 characters.</summary>
    public string JobDescription { get; init; } = "";

    /// <summary>Gets the code directory, all of which is downloaded before the boot file runs.</summary>
    public required ObjectUrl AppUrl { get; init; }

    /// <summary>Gets the boot file, a C# program in the code directory.</summary>
    public required ObjectUrl BootFileUrl { get; init; }

    /// <summary>Gets the data storage location, passed to the boot file as <c>--data_url</c>.</summary>
    public required ObjectUrl DataUrl { get; init; }

    /// <summary>
    /// Gets the training output location. Each run of a job writes to a new version below it, which is passed to the
    /// boot file as <c>--train_url</c>.
    /// </summary>
    public required ObjectUrl TrainUrl { get; init; }

    /// <summary>Gets further arguments of the boot file, by name: <c>batch_size</c> → <c>--batch_size=50</c>.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Gets the names of the files that must exist in the data storage location when the job is submitted; by default,
    /// the four files of MNIST.
    /// </summary>
    public IReadOnlyList<string> InputFiles { get; init; } = MnistFiles.All;

    /// <summary>
    /// Gets the number of workers that train one model together, at least 1 (<c>worker_server_num</c>). Each is a
    /// process that runs the boot file and computes its share of every batch. More than one worker requires MPI. The
    /// result is the same as with one worker, except for rounding.
    /// </summary>
    public int WorkerCount { get; init; } = 1;

    /// <summary>Gets the target on which the job runs.</summary>
    public JobTarget Target { get; init; } = JobTarget.Local;

    /// <summary>
    /// Gets the path of a host file with the names of the machines that the workers run on, one per line, in the format
    /// of <c>mpiexec -f</c>; null for this machine. All machines must see the folder of the workspace under the same
    /// path.
    /// </summary>
    public string? HostFile { get; init; }

    /// <summary>
    /// Gets the timeout for workers: the job fails if a worker keeps the others waiting in a step, or sends no
    /// heartbeat, for longer. Such a worker hangs, or its machine is unreachable.
    /// </summary>
    public TimeSpan WorkerTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets the time limit after which the job is stopped, as if on request (auto stop); null for no limit.
    /// </summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>Returns whether a text is a valid job name.</summary>
    internal static bool IsName(string text) => Name().IsMatch(text);

    /// <summary>
    /// Returns an error for each field that is not valid, as far as that can be determined without the store.
    /// </summary>
    public IReadOnlyList<TrainingJobException> FindProblems() =>
        [.. FindProblemsOfTexts(), .. FindProblemsOfWorkers(), .. HyperParameters.FindProblems(Parameters)];

    /// <summary>Validates the fields, as far as possible without the store.</summary>
    /// <exception cref="TrainingJobException">A field is not valid; the message names it.</exception>
    internal void Validate()
    {
        if (FindProblems() is [var first, ..]) throw first;
    }

    private IEnumerable<TrainingJobException> FindProblemsOfTexts()
    {
        if (!IsName(JobName))
        {
            yield return TrainingJobException.OfField(
                "job_name", $"'{JobName}' is not usable: it must have 1–64 letters, digits, underscores, and hyphens.");
        }

        if (JobDescription.Length > 256)
        {
            yield return TrainingJobException.OfField(
                "job_desc",
                FormattableString.Invariant($"has {JobDescription.Length} characters, but the maximum is 256."));
        }

        if (BootFileUrl.Bucket != AppUrl.Bucket || BootFileUrl.IsPrefix
            || !BootFileUrl.Key.StartsWith(AppUrl.AsPrefix().Key, StringComparison.Ordinal))
        {
            yield return TrainingJobException.OfField(
                "boot_file_url", $"{BootFileUrl} is not a file in the code directory, app_url {AppUrl}.");
        }

        foreach (var bad in Parameters.Keys.Where(name => !ParameterName().IsMatch(name)))
        {
            yield return new TrainingJobException(
                $"parameter '{bad}' is not usable: it must start with a letter, followed by letters, digits, and underscores.")
            {
                Field = $"parameter {bad}",
            };
        }
    }

    private IEnumerable<TrainingJobException> FindProblemsOfWorkers()
    {
        var count = WorkerCount.ToString(CultureInfo.InvariantCulture);
        if (WorkerCount is < 1 or > MaxWorkerCount)
        {
            yield return TrainingJobException.OfField(
                "worker_server_num",
                FormattableString.Invariant($"{count} is not usable: it must be a number from 1 to {MaxWorkerCount}."));
        }

        if (Parameters.GetValueOrDefault("batch_size") is { } text
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var batchSize)
            && batchSize > 0 && batchSize < WorkerCount)
        {
            yield return TrainingJobException.OfField(
                "worker_server_num",
                $"{count} is not usable with batch_size {text}: each worker computes at least one "
                + "sample of a batch. Use fewer workers, or a larger batch.");
        }

        if (HostFile is not null && WorkerCount == 1)
        {
            yield return TrainingJobException.OfField(
                "host_file",
                $"{HostFile} is not usable with one worker, which runs on this machine. "
                + "Set worker_server_num to the number of workers, or leave host_file empty.");
        }
        else if (HostFile is not null && !File.Exists(HostFile))
        {
            yield return TrainingJobException.OfField(
                "host_file", $"{HostFile} does not exist. Write the names of the machines to it, one per line.");
        }

        if (WorkerTimeout < HeartbeatWriter.Interval * 2)
        {
            yield return TrainingJobException.OfField(
                "worker_timeout",
                $"{WorkerTimeout} is not usable: it must be at least {HeartbeatWriter.Interval * 2}.");
        }

        if (MaxDuration is { } duration && duration <= TimeSpan.Zero)
        {
            yield return TrainingJobException.OfField(
                "max_duration", $"{duration} is not usable: it must be positive, or null for no limit.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]*\z")]
    private static partial Regex ParameterName();
}
