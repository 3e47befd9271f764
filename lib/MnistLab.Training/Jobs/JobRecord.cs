using System.Text.Json;
using System.Text.Json.Serialization;
using MnistLab.Data;

namespace MnistLab.Training;

/// <summary>The <c>job.json</c> of one version of a job: its form, and how far it is. What the submitter and the worker tell each other.</summary>
internal sealed record JobRecord(
    string JobName,
    string JobDescription,
    string AppUrl,
    string BootFileUrl,
    string DataUrl,
    string TrainUrl,
    string Version,
    IReadOnlyDictionary<string, string> Parameters,
    JobPhase Phase,
    DateTimeOffset Created,
    DateTimeOffset? Started = null,
    DateTimeOffset? Ended = null,
    int? ExitCode = null,
    TimeSpan? MaxDuration = null,
    string? ResumesVersion = null,
    int? ProcessId = null,
    int SimultaneousJobs = 2,
    IReadOnlyList<string>? InputFiles = null,
    string? Sources = null)
{
    public const string FileName = "job.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Where this version writes.</summary>
    [JsonIgnore]
    public ObjectUrl OutputUrl => ObjectUrl.Parse(TrainUrl).AsPrefix() / $"{Version}/";

    public static JobRecord Of(TrainingJobSpec spec, string version, DateTimeOffset created) => new(
        spec.JobName, spec.JobDescription, spec.AppUrl.ToString(), spec.BootFileUrl.ToString(), spec.DataUrl.ToString(), spec.TrainUrl.ToString(),
        version, spec.Parameters, JobPhase.Creating, created, MaxDuration: spec.MaxDuration, InputFiles: spec.InputFiles);

    /// <summary>The form that the job was submitted with.</summary>
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
    };

    /// <summary>Reads the record of a job's folder.</summary>
    /// <exception cref="TrainingJobException">It is missing or damaged.</exception>
    public static JobRecord Read(string jobFolder)
    {
        var path = Path.Combine(jobFolder, FileName);
        try
        {
            if (JsonSerializer.Deserialize<JobRecord>(File.ReadAllText(path), Json) is { Version: not null, TrainUrl: not null, JobName: not null } record) return record;
            throw new TrainingJobException($"{path} is no record of a job. Delete its folder, and submit the job again.");
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            throw new TrainingJobException($"{path} cannot be read: {error.Message} Delete its folder, and submit the job again.", error);
        }
    }

    public void Write(string jobFolder)
    {
        var path = Path.Combine(jobFolder, FileName);
        File.WriteAllText(path + ".new", ToJson());
        File.Move(path + ".new", path, overwrite: true);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
