using System.Text.Json.Serialization;

namespace MnistLab.Serving;

/// <summary><c>service.json</c>: what is known of a service, whoever asks.</summary>
/// <param name="Status">Where it was left.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The model's version.</param>
/// <param name="Run">The name of the run's folder.</param>
/// <param name="Platform">Which build of the service it is, so that a new one replaces it.</param>
/// <param name="Started">When it was deployed.</param>
/// <param name="Url">Where it listens; null unless it runs.</param>
/// <param name="ProcessId">Its process; null unless it runs.</param>
/// <param name="ProcessStarted">When that process was started.</param>
/// <param name="Reason">Why it failed.</param>
internal sealed record ServiceRecord(
    [property: JsonRequired] ServiceStatus Status,
    [property: JsonRequired] string Model,
    [property: JsonRequired] ModelVersion Version,
    [property: JsonRequired] string Run,
    [property: JsonRequired] string Platform,
    [property: JsonRequired] DateTimeOffset Started,
    Uri? Url = null,
    int? ProcessId = null,
    DateTimeOffset? ProcessStarted = null,
    string? Reason = null);
