using System.Text.Json.Serialization;

namespace MnistLab.Serving;

/// <summary>Where a service stands; the names are those of the ModelArts interface.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServiceStatus>))]
public enum ServiceStatus
{
    /// <summary>It is being started.</summary>
    [JsonStringEnumMemberName("deploying")]
    Deploying,

    /// <summary>It answers.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It could not be started, or has ended by itself; the reason is known.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It was stopped.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,
}
