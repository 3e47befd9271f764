using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>Specifies the format of a service's log.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LogFormat>))]
internal enum LogFormat
{
    /// <summary>Text for people to read: the time, level, source, and message on one line.</summary>
    Text,

    /// <summary>JSON for log collectors: one object per line.</summary>
    Json,
}
