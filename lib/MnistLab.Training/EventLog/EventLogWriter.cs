using System.Globalization;
using Google.Protobuf;
using MnistLab.Hosting;

namespace MnistLab.Training.EventLog;

/// <summary>
/// Writes what TensorBoard shows: one file <c>events.out.tfevents.…</c> in a folder, which grows event by event. Not for several threads at once.
/// A process that is killed leaves whole events and at most one that is cut, which readers pass over.
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

    /// <summary>Begins a file; the folder is made if it is not there.</summary>
    /// <param name="folder">Where; TensorBoard takes all files of a folder as one run.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public EventLogWriter(string folder, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        Directory.CreateDirectory(folder);
        // The newest file has the highest name; the process and a random end tell two of one second apart.
        var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{time.GetUtcNow().ToUnixTimeSeconds():D10}.mnistlab.{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..8]}");
        _file = new FileStream(System.IO.Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        Write(new Event { FileVersion = "brain.Event:2" });
        Flush();
    }

    /// <summary>The file.</summary>
    public string Path => _file.Name;

    /// <summary>One number of a curve.</summary>
    public void Scalar(string tag, double value, long step) => Write(step, new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });

    /// <summary>How numbers are distributed, such as a layer's weights, in buckets of equal width.</summary>
    /// <param name="tag">The name of the chart.</param>
    /// <param name="values">The numbers; those that are not finite are left out.</param>
    /// <param name="step">The step.</param>
    /// <param name="buckets">How many buckets, at least 1.</param>
    public void Histogram(string tag, ReadOnlySpan<float> values, long step, int buckets = 30)
    {
        NumberRange.RequireAtLeast(buckets, 1);
        var (min, max, count, sum, squares) = (double.PositiveInfinity, double.NegativeInfinity, 0L, 0.0, 0.0);
        foreach (var value in values)
        {
            if (!float.IsFinite(value)) continue;
            (min, max, count, sum, squares) = (Math.Min(min, value), Math.Max(max, value), count + 1, sum + value, squares + ((double)value * value));
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

    /// <summary>A picture.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="png">The bytes of a PNG file.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="step">The step.</param>
    public void Image(string tag, ReadOnlySpan<byte> png, int width, int height, long step) => Write(
        step,
        new Summary.Types.Value { Tag = tag, Image = new Summary.Types.Image { Width = width, Height = height, Colorspace = 1, EncodedImageString = ByteString.CopyFrom(png) } });

    /// <summary>A text, in Markdown.</summary>
    public void Text(string tag, string markdown, long step)
    {
        var tensor = new TensorProto { Dtype = StringType, TensorShape = new TensorShapeProto() };
        tensor.TensorShape.Dim.Add(new TensorShapeProto.Types.Dim { Size = 1 });
        tensor.StringVal.Add(ByteString.CopyFromUtf8(markdown));
        Write(step, new Summary.Types.Value { Tag = tag, Tensor = tensor, Metadata = new SummaryMetadata { PluginData = new SummaryMetadata.Types.PluginData { PluginName = TextPlugin } } });
    }

    /// <summary>The hyper-parameters that the run begins with. TensorBoard compares the runs of a folder by them.</summary>
    /// <param name="values">The values, by name. One that is a number is compared as a number.</param>
    public void HyperParameters(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var session = new SessionStartInfo { StartTimeSecs = Now() };
        foreach (var (name, value) in values)
        {
            session.Hparams[name] = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? Google.Protobuf.WellKnownTypes.Value.ForNumber(number)
                : Google.Protobuf.WellKnownTypes.Value.ForString(value);
        }

        Write(SessionStartTag, new HParamsPluginData { SessionStartInfo = session });
    }

    /// <summary>How the run ended, for the table of hyper-parameters.</summary>
    /// <param name="succeeded">Whether it came to its end.</param>
    public void End(bool succeeded) => Write(SessionEndTag, new HParamsPluginData
    {
        SessionEndInfo = new SessionEndInfo { Status = succeeded ? SessionEndInfo.Types.Status.Success : SessionEndInfo.Types.Status.Failure, EndTimeSecs = Now() },
    });

    /// <summary>Hands what was written to the system, for readers to see.</summary>
    public void Flush() => _file.Flush();

    /// <summary>Ends the file.</summary>
    public void Dispose() => _file.Dispose();

    private double Now() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private void Write(string tag, HParamsPluginData data) => Write(
        0,
        new Summary.Types.Value { Tag = tag, Metadata = new SummaryMetadata { PluginData = new SummaryMetadata.Types.PluginData { PluginName = HyperParametersPlugin, Content = data.ToByteString() } } });

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
