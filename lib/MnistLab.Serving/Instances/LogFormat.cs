using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>How the log of a service is written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LogFormat>))]
internal enum LogFormat
{
    /// <summary>For people: the time, the level, the source, and the message on one line.</summary>
    Text,

    /// <summary>For log collectors: a JSON object on each line.</summary>
    Json,
}
