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
    DateTimeOffset? Ended = null,
    int? ExitCode = null)
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
        version, spec.Parameters, JobPhase.Creating, created);

    public static JobRecord Read(string jobFolder) =>
        JsonSerializer.Deserialize<JobRecord>(File.ReadAllText(Path.Combine(jobFolder, FileName)), Json)
        ?? throw new TrainingJobException($"{Path.Combine(jobFolder, FileName)} is empty. Submit the job again.");

    public void Write(string jobFolder)
    {
        var path = Path.Combine(jobFolder, FileName);
        File.WriteAllText(path + ".new", ToJson());
        File.Move(path + ".new", path, overwrite: true);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
