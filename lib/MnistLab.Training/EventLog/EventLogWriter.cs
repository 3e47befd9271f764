using System.Globalization;
using Google.Protobuf;
using MnistLab.Hosting;

namespace MnistLab.Training.EventLog;

/// <summary>
/// Writes an event log for TensorBoard: a file <c>events.out.tfevents.…</c> in a folder, to which events are appended.
/// Not thread-safe. If the process is killed, at most the last event is incomplete, and readers skip it.
/// </summary>
public sealed class EventLogWriter : IDisposable
{
    internal const string SessionStartTag = "_hparams_/session_start_info";
    internal const string HyperParametersPlugin = "hparams";
    internal const string TextPlugin = "text";

    private const string SessionEndTag = "_hparams_/session_end_info";
    private const int StringType = 7;

    private readonly FileStream _file;
    private readonly TimeProvider _time;

    /// <summary>Creates the file, and the folder if it does not exist.</summary>
    /// <param name="folder">The folder; TensorBoard treats all files in a folder as one run.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public EventLogWriter(string folder, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        Directory.CreateDirectory(folder);
        // File names sort by creation time; the process ID and a random suffix distinguish files created in the same
        // second.
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"events.out.tfevents.{time.GetUtcNow().ToUnixTimeSeconds():D10}.mnistlab.{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..8]}");
        _file = new FileStream(System.IO.Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        Write(new Event { FileVersion = "brain.Event:2" });
        Flush();
    }

    /// <summary>Gets the path of the file.</summary>
    public string Path => _file.Name;

    /// <summary>Writes a point of a curve.</summary>
    public void Scalar(string tag, double value, long step) =>
        Write(step, new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });

    /// <summary>Writes a histogram of numbers, such as a layer's weights, in buckets of equal width.</summary>
    /// <param name="tag">The name of the chart.</param>
    /// <param name="values">
    /// The numbers; NaN and infinite values are ignored. Nothing is written if no value is left.
    /// </param>
    /// <param name="step">The step.</param>
    /// <param name="buckets">The number of buckets, at least 1.</param>
    public void Histogram(string tag, ReadOnlySpan<float> values, long step, int buckets = 30)
    {
        NumberRange.RequireAtLeast(buckets, 1);
        var (min, max, count, sum, squares) = (double.PositiveInfinity, double.NegativeInfinity, 0L, 0.0, 0.0);
        foreach (var value in values)
        {
            if (!float.IsFinite(value)) continue;
            (min, max, count, sum, squares) = (Math.Min(min, value), Math.Max(max, value), count
                + 1, sum + value, squares + ((double)value * value));
        }

        if (count == 0) return;
        var counts = new double[buckets];
        var width = max > min ? (max - min) / buckets : 1;
        foreach (var value in values)
        {
            if (float.IsFinite(value)) counts[Math.Min(buckets - 1, (int)((value - min) / width))]++;
        }

        var histogram = new HistogramProto { Min = min, Max = max, Num = count, Sum = sum, SumSquares = squares };
        for (var i = 0; i < buckets; i++)
        {
            histogram.BucketLimit.Add(i == buckets - 1 && max > min ? max : min + ((i + 1) * width));
            histogram.Bucket.Add(counts[i]);
        }

        Write(step, new Summary.Types.Value { Tag = tag, Histo = histogram });
    }

    /// <summary>Writes an image.</summary>
    /// <param name="tag">The name of the image.</param>
    /// <param name="png">The bytes of a PNG file.</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="step">The step.</param>
    public void Image(string tag, ReadOnlySpan<byte> png, int width, int height, long step) => Write(
        step,
        new Summary.Types.Value
        {
            Tag = tag,
            Image = new Summary.Types.Image
            {
                Width = width,
                Height = height,
                Colorspace = 1,
                EncodedImageString = ByteString.CopyFrom(png)
            }
        });

    /// <summary>Writes a text in Markdown.</summary>
    public void Text(string tag, string markdown, long step)
    {
        var tensor = new TensorProto { Dtype = StringType, TensorShape = new TensorShapeProto() };
        tensor.TensorShape.Dim.Add(new TensorShapeProto.Types.Dim { Size = 1 });
        tensor.StringVal.Add(ByteString.CopyFromUtf8(markdown));
        Write(step, new Summary.Types.Value
        {
            Tag = tag,
            Tensor = tensor,
            Metadata = new SummaryMetadata
            {
                PluginData = new SummaryMetadata.Types.PluginData { PluginName = TextPlugin }
            }
        });
    }

    /// <summary>Writes the hyper-parameters of the run, by which TensorBoard compares the runs of a folder.</summary>
    /// <param name="values">The values, by name. A value that is a number is recorded as a number.</param>
    public void HyperParameters(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var session = new SessionStartInfo { StartTimeSecs = Now() };
        foreach (var (name, value) in values)
        {
            session.Hparams[name] = double.TryParse(
                value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? Google.Protobuf.WellKnownTypes.Value.ForNumber(number)
                : Google.Protobuf.WellKnownTypes.Value.ForString(value);
        }

        Write(SessionStartTag, new HParamsPluginData { SessionStartInfo = session });
    }

    /// <summary>Records the outcome of the run, for the table of hyper-parameters.</summary>
    /// <param name="succeeded">Whether the run succeeded.</param>
    public void End(bool succeeded) => Write(SessionEndTag, new HParamsPluginData
    {
        SessionEndInfo = new SessionEndInfo
        {
            Status = succeeded ? SessionEndInfo.Types.Status.Success : SessionEndInfo.Types.Status.Failure,
            EndTimeSecs = Now()
        },
    });

    /// <summary>Flushes buffered events to the operating system, so that readers see them.</summary>
    public void Flush() => _file.Flush();

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private double Now() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private void Write(string tag, HParamsPluginData data) => Write(
        0,
        new Summary.Types.Value
        {
            Tag = tag,
            Metadata = new SummaryMetadata
            {
                PluginData = new SummaryMetadata.Types.PluginData { PluginName = HyperParametersPlugin, Content = data.ToByteString() }
            }
        });

    private void Write(long step, Summary.Types.Value value)
    {
        var summary = new Summary();
        summary.Value.Add(value);
        Write(new Event { Step = step, Summary = summary });
    }

    private void Write(Event happening)
    {
        happening.WallTime = Now();
        _file.Write(EventRecord.Frame(happening.ToByteArray()));
    }
}
