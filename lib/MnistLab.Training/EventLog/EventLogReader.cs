using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using ValueCase = MnistLab.Training.EventLog.Summary.Types.Value.ValueOneofCase;

namespace MnistLab.Training.EventLog;

/// <summary>
/// Reads an event file, even while it is being written: each call of <see cref="Read"/> returns the values added since
/// the previous call. Supports the events of this library and of TensorFlow 1, and those of TensorFlow 2, Keras, and
/// PyTorch, which store numbers, histograms, images, and texts as tensors.
/// </summary>
/// <param name="path">The path of the event file.</param>
public sealed class EventLogReader(string path)
{
    private const string FilePattern = "*tfevents*";

    private readonly Dictionary<string, string> _plugins = new(StringComparer.Ordinal);
    private long _position;

    /// <summary>
    /// Returns the event files of a folder and its subfolders, sorted by path; the files of one run are in the order in
    /// which they were created.
    /// </summary>
    public static IReadOnlyList<string> FilesOf(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, FilePattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>
    /// Returns the numbers added since the last call, in order; other values added since then are skipped.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// An event is damaged; the message says at which byte of the file.
    /// </exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public IReadOnlyList<ScalarPoint> ReadScalars() => [.. Read().OfType<ScalarPoint>()];

    /// <summary>
    /// Returns the values added since the last call, in order; a value of an unsupported kind is a
    /// <see cref="LoggedOther"/>. An incomplete event is left for the next call.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// An event is damaged; the message says at which byte of the file.
    /// </exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
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
            if (EventRecord.MaskedCrc(header[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) || length > int.MaxValue / 2)
                throw Damaged("the length's checksum is wrong");
            if (file.Length - file.Position < (long)length + EventRecord.FooterLength) return points;
            var content = new byte[(int)length + EventRecord.FooterLength];
            file.ReadExactly(content);
            if (EventRecord.MaskedCrc(
                content.AsSpan(0, (int)length)) != BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan((int)length)))
                throw Damaged("its checksum is wrong");
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
            foreach (var value in happening.Summary?.Value ?? []) values.AddRange(ValuesOf(value, happening.Step, time));
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or FormatException)
        {
            throw Damaged(error.Message, error);
        }
    }

    /// <summary>Returns the values that a summary value represents; none if only TensorBoard needs it.</summary>
    private IEnumerable<LoggedValue> ValuesOf(Summary.Types.Value value, long step, DateTimeOffset time) =>
        (value.ValueCase, PluginOf(value)) switch
        {
            (ValueCase.SimpleValue, _) => [new ScalarPoint(value.Tag, step, time, value.SimpleValue)],
            (ValueCase.Image, _) => [new LoggedImage(
            value.Tag, step, time, value.Image.Width, value.Image.Height, value.Image.EncodedImageString.Memory)],
            (ValueCase.Histo, _) => [new LoggedHistogram(
            value.Tag, step, time, value.Histo.Min, [.. value.Histo.BucketLimit], [.. value.Histo.Bucket])],
            (_, EventLogWriter.HyperParametersPlugin) => HyperParametersOf(value, time),
            (ValueCase.Tensor, EventLogWriter.TextPlugin) when value.Tensor.StringVal.Count > 0 =>
                [new LoggedText(value.Tag, step, time, string.Join("\n\n", value.Tensor.StringVal.Select(text => text.ToStringUtf8())))],
            (ValueCase.Tensor, "scalars") when EventTensor.NumbersOf(value.Tensor) is [var number] =>
                [new ScalarPoint(value.Tag, step, time, number)],
            (ValueCase.Tensor, "histograms") when EventTensor.NumbersOf(value.Tensor) is { } numbers && numbers.Length % 3 == 0 =>
                [HistogramOf(value.Tag, step, time, [.. numbers.Chunk(3)])],
            (ValueCase.Tensor, "images") when ImagesOf(value, step, time) is { } images => images,
            (_, var plugin) => [new LoggedOther(value.Tag, step, time, plugin ?? value.ValueCase.ToString().ToLowerInvariant())],
        };

    // Writers may name the plugin only at the first occurrence of a tag.
    private string? PluginOf(Summary.Types.Value value)
    {
        if (value.Metadata?.PluginData?.PluginName is { Length: > 0 } name) return _plugins[value.Tag] = name;
        return _plugins.GetValueOrDefault(value.Tag);
    }

    private static IEnumerable<LoggedValue> HyperParametersOf(Summary.Types.Value value, DateTimeOffset time) =>
        value.Metadata?.PluginData?.Content is { } content && HParamsPluginData.Parser.ParseFrom(content).SessionStartInfo is { } session
            ? [new LoggedHyperParameters(
                time,
                session.Hparams.ToDictionary(item => item.Key, item => TextOf(item.Value), StringComparer.Ordinal))]
            : [];

    // Each bucket is a row: lower limit, upper limit, count.
    private static LoggedHistogram HistogramOf(string tag, long step, DateTimeOffset time, double[][] buckets) =>
        new(
            tag,
            step,
            time,
            buckets is [var first, ..] ? first[0] : 0,
            [.. buckets.Select(bucket => bucket[1])],
            [.. buckets.Select(bucket => bucket[2])]);

    // The tensor holds the width, the height, and then the images of a batch.
    private static List<LoggedImage>? ImagesOf(Summary.Types.Value value, long step, DateTimeOffset time)
    {
        if (value.Tensor.StringVal is not [var width, var height, ..] || Size(width) is not { } columns || Size(height) is not { } rows)
            return null;
        string TagOf(int index) => index == 0 ? value.Tag : string.Create(CultureInfo.InvariantCulture, $"{value.Tag}/{index}");
        return [.. value.Tensor.StringVal
            .Skip(2)
            .Select((png, index) => new LoggedImage(TagOf(index), step, time, columns, rows, png.Memory))];
    }

    private static int? Size(ByteString text) =>
        int.TryParse(text.ToStringUtf8(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;

    private static string TextOf(Google.Protobuf.WellKnownTypes.Value value) =>
        value.KindCase == Google.Protobuf.WellKnownTypes.Value.KindOneofCase.NumberValue
        ? value.NumberValue.ToString(CultureInfo.InvariantCulture)
        : value.StringValue;

    private InvalidDataException Damaged(string reason, Exception? cause = null) =>
        new($"{path} is damaged: {reason}, in the event at byte {_position}. The events before it were read.", cause);
}
