using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MnistLab.Hosting;
using MnistLab.Storage;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Represents the <c>job.json</c> of one version of a job: its specification and its state, shared by the submitter and
/// the supervising process.
/// </summary>
internal sealed record JobRecord(
    string JobName,
    string JobDescription,
    string AppUrl,
    string BootFileUrl,
    string DataUrl,
    string TrainUrl,
    string Version,
    IReadOnlyDictionary<string, string> Parameters,
    JobStatus Status,
    DateTimeOffset Created,
    DateTimeOffset? Started = null,
    DateTimeOffset? Ended = null,
    int? ExitCode = null,
    TimeSpan? MaxDuration = null,
    string? ResumesVersion = null,
    int? ProcessId = null,
    string? ProcessStart = null,
    int SimultaneousJobs = 2,
    IReadOnlyList<string>? InputFiles = null,
    string? Sources = null,
    string? Reason = null,
    int WorkerCount = 1,
    JobTarget Target = JobTarget.Local,
    string? HostFile = null,
    TimeSpan? WorkerTimeout = null,
    int FailedWorker = 0)
{
    public const string FileName = "job.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Gets the output location of this version.</summary>
    [JsonIgnore]
    public ObjectUrl OutputUrl => ObjectUrl.Parse(TrainUrl).AsPrefix() / $"{Version}/";

    public static JobRecord From(TrainingJobSpec spec, string version, DateTimeOffset created) => new(
        spec.JobName,
        spec.JobDescription,
        spec.AppUrl.ToString(),
        spec.BootFileUrl.ToString(),
        spec.DataUrl.ToString(),
        spec.TrainUrl.ToString(),
        version, spec.Parameters, JobStatus.Creating, created, MaxDuration: spec.MaxDuration, InputFiles: spec.InputFiles,
        WorkerCount: spec.WorkerCount, Target: spec.Target, HostFile: spec.HostFile, WorkerTimeout: spec.WorkerTimeout);

    /// <summary>Returns the specification that the job was submitted with.</summary>
    public TrainingJobSpec ToSpec() => new()
    {
        JobName = JobName,
        JobDescription = JobDescription,
        AppUrl = ObjectUrl.Parse(AppUrl),
        BootFileUrl = ObjectUrl.Parse(BootFileUrl),
        DataUrl = ObjectUrl.Parse(DataUrl),
        TrainUrl = ObjectUrl.Parse(TrainUrl),
        Parameters = Parameters,
        MaxDuration = MaxDuration,
        InputFiles = InputFiles ?? [],
        WorkerCount = WorkerCount,
        Target = Target,
        HostFile = HostFile,
        WorkerTimeout = WorkerTimeout ?? TimeSpan.FromMinutes(1),
    };

    /// <summary>Reads the record in a job's folder.</summary>
    /// <exception cref="TrainingJobException">The record is missing or damaged; the message names the file.</exception>
    public static JobRecord Read(string jobFolder)
    {
        var path = Path.Combine(jobFolder, FileName);
        try
        {
            var record = JsonSerializer.Deserialize<JobRecord>(File.ReadAllText(path), Json)
                ?? throw new JsonException("It is empty.");
            // A record that does not yield a valid specification counts as damaged.
            _ = record.ToSpec();
            return record;
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw new TrainingJobException(
                $"{path} cannot be read: {error.Message} Delete the folder {jobFolder}, and submit the job again.",
                error);
        }
    }

    /// <summary>
    /// Replaces the record in a job's folder atomically: readers see either the old or the new record.
    /// </summary>
    public void Write(string jobFolder)
    {
        var path = Path.Combine(jobFolder, FileName);
        AtomicFile.Replace(path, file => file.Write(Encoding.UTF8.GetBytes(ToJson())));
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
