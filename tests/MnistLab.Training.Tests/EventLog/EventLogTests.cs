using MnistLab.Testing;
using MnistLab.Training.EventLog;
using MnistLab.Training.Networks;
using MnistLab.Training.Results;

namespace MnistLab.Training.Tests;

public sealed class EventLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void File_OfOneScalar_HasTheBytesOfTheDefinition()
    {
        using (var log = new EventLogWriter(
            _folder.Path, new FixedTime(DateTimeOffset.UnixEpoch.AddSeconds(1.5)))) log.Scalar("loss", 0.25, 7);

        // wall_time = field 1, double; step = field 2, varint; file_version = field 3, text; summary = field 5 { value
        // = field 1 { tag = field 1, simple_value = field 2, float } }.
        byte[] time = [0x09, .. BitConverter.GetBytes(1.5)];
        byte[] version = [.. time, 0x1a, 13, .. "brain.Event:2"u8];
        byte[] value = [0x0a, 4, .. "loss"u8, 0x15, .. BitConverter.GetBytes(0.25f)];
        byte[] scalar = [.. time, 0x10, 7, 0x2a, (byte)(value.Length + 2), 0x0a, (byte)value.Length, .. value];
        Assert.Equal([.. EventFrame.Of(version), .. EventFrame.Of(scalar)], File.ReadAllBytes(OnlyFile()));
        Assert.StartsWith("events.out.tfevents.0000000001.", Path.GetFileName(OnlyFile()), StringComparison.Ordinal);
    }

    [Fact]
    public void Reader_WhileTheFileGrows_GivesWhatIsNew()
    {
        using var log = new EventLogWriter(_folder.Path, TimeProvider.System);
        var reader = new EventLogReader(log.Path);
        Assert.Empty(reader.ReadScalars());

        log.Scalar("a", 1, 1);
        log.Text("note", "*hello*", 1);
        log.Histogram("weights", [1, 2, float.NaN], 1);
        log.Image("digit", [1, 2, 3], 1, 1, 1);
        log.Scalar("b", 2, 1);
        log.Flush();
        Assert.Equal([("a", 1, 1.0), ("b", 1, 2.0)], reader.ReadScalars().Select(point => (point.Tag, point.Step, point.Value)));
        Assert.Empty(reader.ReadScalars());

        log.Scalar("a", 3, 2);
        log.Flush();
        Assert.Equal(3, Assert.Single(reader.ReadScalars()).Value);
    }

    [Fact]
    public void Reader_OfAFileThatIsCutAnywhere_GivesTheWholeEvents()
    {
        using (var log = new EventLogWriter(_folder.Path, TimeProvider.System))
        {
            for (var step = 0; step < 3; step++) log.Scalar("a", step, step);
        }

        var whole = File.ReadAllBytes(OnlyFile());
        var counts = new List<int>();
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(_folder["cut"], whole[..length]);
            counts.Add(new EventLogReader(_folder["cut"]).ReadScalars().Count);
        }

        Assert.Equal(counts.Order(), counts);
        Assert.Equal([0, 1, 2, 3], counts.Distinct());
    }

    [Fact]
    public void Reader_OfAFileWithAWrongBit_SaysWhere()
    {
        using (var log = new EventLogWriter(_folder.Path, TimeProvider.System)) log.Scalar("a", 1, 1);
        var path = OnlyFile();
        var whole = File.ReadAllBytes(path);
        for (var position = 0; position < whole.Length; position++)
        {
            var damaged = whole.ToArray();
            damaged[position] ^= 0x04;
            File.WriteAllBytes(path, damaged);

            Assert.StartsWith(
                $"{path} is damaged",
                Assert.Throws<InvalidDataException>(() => new EventLogReader(path).ReadScalars()).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_WithALogDir_WritesItsCurves()
    {
        var result = Mox.Run(
            _ => Digits.Few,
            _ => ModelSpec.Classifier(DigitModels.SoftmaxRegression()),
            Mox.GetOptimizerFn("sgd", 0.01),
            batchSize: 20,
            maxNumberOfSteps: 20,
            evaluateEveryNSteps: 10,
            saveSummarySteps: 10,
            log: TextWriter.Null,
            logDir: _folder.Path);
        result.Network.Dispose();

        var points = new EventLogReader(OnlyFile()).ReadScalars();
        Assert.Equal(
            result.Reports.Where(report => report.IsValidation).Select(report => (report.Step, (float)report.Loss)),
            points.Where(point => point.Tag == "validation/loss").Select(point => (point.Step, (float)point.Value)));
        Assert.Equal([10, 20], points.Where(point => point.Tag == "train/accuracy").Select(point => point.Step));
        Assert.Equal([10, 20], points.Where(point => point.Tag == "learning_rate").Select(point => point.Step));
    }

    [Fact]
    public void Run_WithALogDir_WritesItsHyperParametersAndPictures()
    {
        var result = Mox.Run(
            mode => mode == RunMode.Train ? Digits.Few : Digits.Sample.Test,
            _ => ModelSpec.Classifier(DigitModels.SoftmaxRegression()),
            Mox.GetOptimizerFn("sgd", 0.01),
            batchSize: 20,
                maxNumberOfSteps: 20,
                evaluateEveryNSteps: 10,
                log: TextWriter.Null,
                logDir: _folder.Path,
                hyperParameters: new Dictionary<string, string> { ["model"] = "softmax" });
        using var network = result.Network;

        var logged = new EventLogReader(OnlyFile()).Read();
        var parameters = logged.OfType<LoggedHyperParameters>().Single().Values;
        Assert.Equal(
            ["20", "20", "softmax", "sgd", "0"],
            new[] { "batch_size", "max_number_of_steps", "model", "optimizer", "seed" }.Select(name => parameters[name]));
        Assert.Equal(
            [("samples", 0, 280, 140), ("misclassified", 20, 280, 140)],
            logged.OfType<LoggedImage>().Select(image => (image.Tag, image.Step, image.Width, image.Height)));
        var mistakes = Evaluation.Compute(network, Digits.Sample.Test).Mistakes;
        Assert.StartsWith($"{mistakes.Count} of 1000", logged.OfType<LoggedText>().Single().Markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void HyperParameters_OfARun_HaveTheBytesOfTheDefinition()
    {
        using (var log = new EventLogWriter(_folder.Path, new FixedTime(DateTimeOffset.UnixEpoch.AddSeconds(
            1.5)))) log.HyperParameters(new Dictionary<string, string> { ["lr"] = "0.5" });

        // plugin data = field 2 { session_start_info = field 3 { hparams = field 1 { key = field 1, value = field 2 {
        // number_value = field 2, double } }, start_time_secs = field 5, double } }
        byte[] time = [0x09, .. BitConverter.GetBytes(1.5)];
        byte[] value = [0x11, .. BitConverter.GetBytes(0.5)];
        byte[] entry = [0x0a, 2, .. "lr"u8, 0x12, (byte)value.Length, .. value];
        byte[] session = [0x0a, (byte)entry.Length, .. entry, 0x29, .. BitConverter.GetBytes(1.5)];
        byte[] content = [0x1a, (byte)session.Length, .. session];
        // metadata = field 9 { plugin_data = field 1 { plugin_name = field 1, content = field 2 } }, beside the tag
        byte[] plugin = [0x0a, 7, .. "hparams"u8, 0x12, (byte)content.Length, .. content];
        byte[] metadata = [0x0a, (byte)plugin.Length, .. plugin];
        byte[] summary = [0x0a, 28, .. "_hparams_/session_start_info"u8, 0x4a, (byte)metadata.Length, .. metadata];
        byte[] happening = [.. time, 0x2a, (byte)(summary.Length + 2), 0x0a, (byte)summary.Length, .. summary];
        Assert.Equal(EventFrame.Of(happening), File.ReadAllBytes(OnlyFile())[^(happening.Length + 16)..]);
    }

    private string OnlyFile() => Assert.Single(Directory.GetFiles(_folder.Path, "events.out.tfevents.*"));

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
