using System.Text;
using MnistLab.Testing;
using MnistLab.Training.EventLog;

namespace MnistLab.Training.Tests;

/// <summary>
/// Tests event files as TensorFlow 2, Keras, and PyTorch write them: all values are tensors, and the name of a plugin
/// determines their meaning.
/// </summary>
public sealed class TensorEventTests : IDisposable
{
    private const int Float = 1;
    private const int Double = 2;
    private const int Text = 7;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scalars_OfKeras_AreRead()
    {
        // tf.summary.scalar and the Keras callback: a float32 tensor without dimensions, as raw bytes.
        Write(
            Event(0, Value("epoch_loss", Tensor(Float, [], Content(BitConverter.GetBytes(0.25f))), Plugin("scalars"))),
            Event(1, Value("epoch_loss", Tensor(Float, [], Content(BitConverter.GetBytes(0.125f))), Plugin("scalars"))),
            Event(1, Value("epoch_accuracy", Tensor(Float, [], Content(BitConverter.GetBytes(0.75f))), Plugin("scalars"))));

        Assert.Equal([("epoch_loss", 0, 0.25), ("epoch_loss", 1, 0.125), ("epoch_accuracy", 1, 0.75)], Scalars());
    }

    [Fact]
    public void Scalars_WhosePluginIsNamedOnce_AreReadToTheEnd()
    {
        Write(
            Event(1, Value("a", Tensor(Float, [], Content(BitConverter.GetBytes(1f))), Plugin("scalars"))),
            Event(2, Value("a", Tensor(Float, [], Content(BitConverter.GetBytes(2f))))));

        Assert.Equal([("a", 1, 1.0), ("a", 2, 2.0)], Scalars());
    }

    [Fact]
    public void Scalars_OfEachTypeAndForm_AreRead()
    {
        byte[] One(double value) => BitConverter.GetBytes(value);
        Write(
            Event(1, Value("float field", Tensor(Float, [], Packed(5, BitConverter.GetBytes(1.5f))), Plugin("scalars"))),
            Event(1, Value("one of a vector", Tensor(Float, [1], Packed(5, BitConverter.GetBytes(2.5f))), Plugin("scalars"))),
            Event(1, Value("double", Tensor(Double, [], Content(One(0.1))), Plugin("scalars"))),
            Event(1, Value("double field", Tensor(Double, [], Packed(6, One(0.2))), Plugin("scalars"))),
            Event(1, Value("int32", Tensor(3, [], Content(BitConverter.GetBytes(-7))), Plugin("scalars"))),
            Event(1, Value("int32 field", Tensor(3, [], Packed(7, [7])), Plugin("scalars"))),
            Event(1, Value("uint8", Tensor(4, [], Content([200])), Plugin("scalars"))),
            Event(1, Value("int16", Tensor(5, [], Content(BitConverter.GetBytes((short)-2))), Plugin("scalars"))),
            Event(1, Value("int8", Tensor(6, [], Content([0xff])), Plugin("scalars"))),
            Event(1, Value("int64", Tensor(9, [], Content(BitConverter.GetBytes(1L << 40))), Plugin("scalars"))),
            Event(1, Value("int64 field", Tensor(9, [], Packed(10, [9])), Plugin("scalars"))),
            Event(1, Value("bool", Tensor(10, [], Content([1])), Plugin("scalars"))),
            Event(1, Value("bool field", Tensor(10, [], Packed(11, [1])), Plugin("scalars"))),
            Event(1, Value("bfloat16", Tensor(14, [], Content([0x80, 0x3f])), Plugin("scalars"))),
            Event(1, Value("uint16", Tensor(17, [], Content([0xff, 0xff])), Plugin("scalars"))),
            Event(1, Value("half", Tensor(19, [], Content(BitConverter.GetBytes((Half)0.5))), Plugin("scalars"))),
            Event(1, Value("half field", Tensor(19, [], Packed(13, [0x80, 0x78])), Plugin("scalars"))),
            Event(1, Value("uint32", Tensor(22, [], Content([0xff, 0xff, 0xff, 0xff])), Plugin("scalars"))),
            Event(1, Value("uint32 field", Tensor(22, [], Packed(16, [3])), Plugin("scalars"))),
            Event(1, Value("uint64", Tensor(23, [], Content([1, 0, 0, 0, 0, 0, 0, 0])), Plugin("scalars"))),
            Event(1, Value("uint64 field", Tensor(23, [], Packed(17, [4])), Plugin("scalars"))),
            Event(1, Value("no values are zero", Tensor(Float, []), Plugin("scalars"))));

        Assert.Equal(
            [1.5, 2.5, 0.1, 0.2, -7, 7, 200, -2, -1, 1L << 40, 9, 1, 1, 1, 65535, 0.5, 1, uint.MaxValue, 3, 1, 4, 0],
            Scalars().Select(scalar => scalar.Value));
    }

    [Fact]
    public void HistogramsImagesAndTexts_OfTensorFlow2_AreRead()
    {
        byte[] buckets = [.. new[] { -1.0, 0, 3, 0, 2, 5 }.SelectMany(BitConverter.GetBytes)];
        Write(
            Event(3, Value("weights", Tensor(Double, [2, 3], Content(buckets)), Plugin("histograms"))),
            Event(3, Value("digits", Tensor(Text, [4], Strings("28", "14", "first", "second")), Plugin("images"))),
            Event(3, Value("note", Tensor(Text, [2], Strings("*a*", "b")), Plugin("text"))));

        var logged = new EventLogReader(_folder["events"]).Read();

        var histogram = logged.OfType<LoggedHistogram>().Single();
        Assert.Equal(("weights", 3, -1.0), (histogram.Tag, histogram.Step, histogram.Min));
        Assert.Equal([0.0, 2], histogram.Limits);
        Assert.Equal([3.0, 5], histogram.Counts);
        Assert.Equal(
            [("digits", 28, 14, "first"), ("digits/1", 28, 14, "second")],
            logged.OfType<LoggedImage>().Select(image => (image.Tag, image.Width, image.Height, Encoding.UTF8.GetString(image.Png.Span))));
        Assert.Equal("*a*\n\nb", logged.OfType<LoggedText>().Single().Markdown);
        Assert.Empty(logged.OfType<LoggedOther>());
    }

    [Fact]
    public void Values_OfAnotherKind_AreNotLostSilently()
    {
        Write(
            Event(1, Value("graph", Tensor(Text, [], Strings("{}")), Plugin("graph_keras_model"))),
            Event(1, Value("sound", Tensor(Text, [1, 2], Strings("RIFF", "")), Plugin("audio"))),
            Event(1, Value("no plugin", Tensor(Float, [], Content(BitConverter.GetBytes(1f))))),
            Event(1, Value("a vector", Tensor(Float, [2], Content(new byte[8])), Plugin("scalars"))),
            Event(1, Value("complex", Tensor(8, [], Content(new byte[8])), Plugin("scalars"))));

        Assert.Equal(
            [("graph", "graph_keras_model"), ("sound", "audio"), ("no plugin", "tensor"), ("a vector", "scalars"), ("complex", "scalars")],
            new EventLogReader(_folder["events"]).Read().Cast<LoggedOther>().Select(other => (other.Tag, other.Kind)));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(8, 0)]
    [InlineData(4, 1L << 40)]
    [InlineData(4, 1L << 30)]
    [InlineData(4, -1)]
    public void Tensor_WhoseBytesDoNotFit_IsReportedAsDamage(int bytes, long size)
    {
        Write(Event(1, Value("a", Tensor(Float, size == 0 ? [] : [size], Content(new byte[bytes])), Plugin("scalars"))));

        var error = Assert.Throws<InvalidDataException>(() => new EventLogReader(_folder["events"]).Read());

        Assert.StartsWith($"{_folder["events"]} is damaged: a tensor ", error.Message, StringComparison.Ordinal);
    }

    private IEnumerable<(string Tag, long Step, double Value)> Scalars() =>
        new EventLogReader(_folder["events"]).ReadScalars().Select(point => (point.Tag, point.Step, point.Value));

    private void Write(params byte[][] events) => File.WriteAllBytes(_folder["events"], [.. events.SelectMany(EventFrame.Of)]);

    // event.proto: wall_time = 1, step = 2, summary = 5 { value = 1 }
    private static byte[] Event(byte step, byte[] value) => [0x09, .. BitConverter.GetBytes(1.5), 0x10, step, .. Field(5, Field(1, value))];

    // summary.proto, Value: tag = 1, tensor = 8, metadata = 9
    private static byte[] Value(string tag, byte[] tensor, byte[]? metadata = null) =>
        [.. Field(9, metadata ?? []), .. Field(1, Encoding.UTF8.GetBytes(tag)), .. Field(8, tensor)];

    // SummaryMetadata: plugin_data = 1 { plugin_name = 1 }
    private static byte[] Plugin(string name) => Field(1, Field(1, Encoding.UTF8.GetBytes(name)));

    // tensor.proto: dtype = 1, tensor_shape = 2 { dim = 2 { size = 1 } }, version_number = 3, then the values
    private static byte[] Tensor(byte type, long[] shape, byte[]? values = null) =>
        [0x08, type, .. Field(2, [.. shape.SelectMany(size => Field(2, [0x08, .. Number((ulong)size)]))]), 0x18, 0, .. values ?? []];

    private static byte[] Content(byte[] bytes) => Field(4, bytes);

    private static byte[] Packed(int field, byte[] values) => Field(field, values);

    private static byte[] Strings(params string[] values) => [.. values.SelectMany(value => Field(8, Encoding.UTF8.GetBytes(value)))];

    private static byte[] Field(int field, byte[] content) =>
        [.. Number(((ulong)field << 3) | 2), .. Number((ulong)content.Length), .. content];

    private static byte[] Number(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
