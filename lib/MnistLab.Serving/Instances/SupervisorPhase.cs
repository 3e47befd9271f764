using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>Where the process of a supervised service stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SupervisorPhase>))]
internal enum SupervisorPhase
{
    /// <summary>It was started, and is not ready yet.</summary>
    Starting,

    /// <summary>It is ready.</summary>
    Ready,

    /// <summary>It has crashed, and will be started again.</summary>
    Waiting,

    /// <summary>It ended as it should: on request, at its time, or on a signal.</summary>
    Stopped,

    /// <summary>It ended before it was ever ready.</summary>
    Failed,
}
