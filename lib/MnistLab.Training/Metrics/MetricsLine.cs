using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Training.Metrics;

/// <summary>Represents a line of a <see cref="MetricsLog"/>.</summary>
internal sealed record MetricsLine(
    string Kind, long Step, double? SamplesPerSecond = null, IReadOnlyDictionary<string, double>? Metrics = null)
{
    public const string StartKind = "start";
    public const string FinalKind = "final";
    private const string TrainKind = "train";
    private const string ValidationKind = "validation";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    [JsonIgnore]
    public bool IsReport => Kind is TrainKind or ValidationKind;

    public static MetricsLine Start(long step) => new(StartKind, step);

    public static MetricsLine Final(StepReport report) => new(FinalKind, report.Step, null, report.Metrics);

    public static MetricsLine From(StepReport report) =>
        new(report.IsValidation ? ValidationKind : TrainKind, report.Step, report.SamplesPerSecond, report.Metrics);

    /// <summary>Parses a line; returns null if it is not valid.</summary>
    public static MetricsLine? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<MetricsLine>(text, Json) is { Step: >= 0 } line && line.IsWhole ? line : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public StepReport ToReport() => new(Step, Metrics!, SamplesPerSecond);

    private bool IsWhole => Kind switch
    {
        StartKind => true,
        TrainKind => Metrics is not null && SamplesPerSecond is not null,
        ValidationKind or FinalKind => Metrics is not null && SamplesPerSecond is null,
        _ => false,
    };
}
