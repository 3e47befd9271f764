using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>Specifies the phase of a supervised service's process.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SupervisorPhase>))]
internal enum SupervisorPhase
{
    /// <summary>The process was started and is not ready yet.</summary>
    Starting,

    /// <summary>The process is ready.</summary>
    Ready,

    /// <summary>The process has crashed and will be restarted.</summary>
    Waiting,

    /// <summary>The process was stopped on request, at its stop time, or on a signal.</summary>
    Stopped,

    /// <summary>The process ended before it was ever ready.</summary>
    Failed,
}
