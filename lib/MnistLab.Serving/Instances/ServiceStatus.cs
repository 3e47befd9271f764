using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

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

    /// <summary>
    /// It crashes again and again, is restarted each time, and may answer in between; or its supervisor is gone, so a
    /// crash would end it.
    /// </summary>
    [JsonStringEnumMemberName("concerning")]
    Concerning,

    /// <summary>It could not be started, or its processes are gone; the reason is known.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It was stopped, or has stopped at its time.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,

    /// <summary>It is being stopped.</summary>
    [JsonStringEnumMemberName("stopping")]
    Stopping,

    /// <summary>It is being removed.</summary>
    [JsonStringEnumMemberName("deleting")]
    Deleting,
}
