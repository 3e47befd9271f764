using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>Specifies the status of a service; the names are those of the ModelArts API.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServiceStatus>))]
public enum ServiceStatus
{
    /// <summary>The service is being deployed.</summary>
    [JsonStringEnumMemberName("deploying")]
    Deploying,

    /// <summary>The service is running.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>
    /// The service crashes repeatedly and is restarted each time, so it may respond in between; or its supervisor has
    /// ended, so it would not be restarted after a crash.
    /// </summary>
    [JsonStringEnumMemberName("concerning")]
    Concerning,

    /// <summary>
    /// The service could not be started, or its processes have ended unexpectedly; the reason is recorded.
    /// </summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The service was stopped on request, or stopped at its stop time.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,

    /// <summary>The service is being stopped.</summary>
    [JsonStringEnumMemberName("stopping")]
    Stopping,

    /// <summary>The service is being deleted.</summary>
    [JsonStringEnumMemberName("deleting")]
    Deleting,
}
