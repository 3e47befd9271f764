using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using MnistLab.Training.Events;

namespace MnistLab.Training;

/// <summary>Reads an event file, also while it is written: each call of <see cref="Read"/> gives what is new.</summary>
/// <param name="path">The file.</param>
public sealed class EventLogReader(string path)
{
    private const string FilePattern = "*tfevents*";

    private long _position;

    /// <summary>The event files of a folder and those below it, by name: of the files of one run, the oldest first.</summary>
    public static IReadOnlyList<string> FilesOf(string folder) => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, FilePattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];

    /// <summary>The numbers since the last call, in their order; what else there was since then is passed over.</summary>
    /// <exception cref="InvalidDataException">An event is damaged; the message says at which byte of the file.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public IReadOnlyList<ScalarPoint> ReadScalars() => [.. Read().OfType<ScalarPoint>()];

    /// <summary>What was written since the last call, in its order. An event that is not complete yet is left for the next call.</summary>
    /// <exception cref="InvalidDataException">An event is damaged; the message says at which byte of the file.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public IReadOnlyList<LoggedValue> Read()
    {
        var points = new List<LoggedValue>();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[EventRecord.HeaderLength];
        while (true)
        {
            file.Position = _position;
            if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length) return points;
            var length = BinaryPrimitives.ReadUInt64LittleEndian(header);
            if (EventRecord.MaskedCrc(header[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) || length > int.MaxValue / 2) throw Damaged("the length's checksum is wrong");
            if (file.Length - file.Position < (long)length + EventRecord.FooterLength) return points;
            var content = new byte[(int)length + EventRecord.FooterLength];
            file.ReadExactly(content);
            if (EventRecord.MaskedCrc(content.AsSpan(0, (int)length)) != BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan((int)length))) throw Damaged("its checksum is wrong");
            Add(points, content.AsSpan(0, (int)length));
            _position = file.Position;
        }
    }

    private void Add(List<LoggedValue> values, ReadOnlySpan<byte> content)
    {
        try
        {
            var happening = Event.Parser.ParseFrom(content);
            var time = DateTimeOffset.UnixEpoch.AddSeconds(happening.WallTime);
            foreach (var value in happening.Summary?.Value ?? [])
            {
                if (ValueOf(value, happening.Step, time) is { } read) values.Add(read);
            }
        }
        catch (InvalidProtocolBufferException error)
        {
            throw Damaged(error.Message, error);
        }
    }

    /// <summary>The value in our terms; null for a kind that is not ours.</summary>
    private static LoggedValue? ValueOf(Summary.Types.Value value, long step, DateTimeOffset time) => (value.ValueCase, value.Metadata?.PluginData?.PluginName) switch
    {
        (Summary.Types.Value.ValueOneofCase.SimpleValue, _) => new ScalarPoint(value.Tag, step, time, value.SimpleValue),
        (Summary.Types.Value.ValueOneofCase.Image, _) => new LoggedImage(value.Tag, step, time, value.Image.Width, value.Image.Height, value.Image.EncodedImageString.Memory),
        (Summary.Types.Value.ValueOneofCase.Histo, _) => new LoggedHistogram(value.Tag, step, time, value.Histo.Min, [.. value.Histo.BucketLimit], [.. value.Histo.Bucket]),
        (Summary.Types.Value.ValueOneofCase.Tensor, EventLogWriter.TextPlugin) when value.Tensor.StringVal.Count > 0 => new LoggedText(value.Tag, step, time, value.Tensor.StringVal[0].ToStringUtf8()),
        (_, EventLogWriter.HyperParametersPlugin) when HParamsPluginData.Parser.ParseFrom(value.Metadata.PluginData.Content).SessionStartInfo is { } session =>
            new LoggedHyperParameters(time, session.Hparams.ToDictionary(item => item.Key, item => TextOf(item.Value), StringComparer.Ordinal)),
        _ => null,
    };

    private static string TextOf(Google.Protobuf.WellKnownTypes.Value value) => value.KindCase == Google.Protobuf.WellKnownTypes.Value.KindOneofCase.NumberValue
        ? value.NumberValue.ToString(CultureInfo.InvariantCulture)
        : value.StringValue;

    private InvalidDataException Damaged(string reason, Exception? cause = null) => new($"{path} is damaged: {reason}, in the event at byte {_position}. What comes before it was read.", cause);
}
