using CsCheck;
using MnistLab.Testing;
using MnistLab.Training.Metrics;
using MnistLab.Training.Networks;

namespace MnistLab.Training.Tests;

public sealed class MetricsLogTests : IDisposable
{
    private static readonly Gen<StepReport> Report = Gen.Select(
        Gen.Long[0, long.MaxValue],
        Gen.Double,
        Gen.Select(Gen.String[1, 8], Gen.Double).Array[0, 4],
        Gen.Bool,
        Gen.Double).Select((step, loss, others, isValidation, rate) =>
    {
        var metrics = new Dictionary<string, double> { ["loss"] = loss };
        foreach (var (name, value) in others) metrics[name] = value;
        return new StepReport(step, metrics, isValidation ? null : rate);
    });

    private readonly TemporaryFolder _folder = new();

    private string File => _folder[MetricsLog.FileName];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_OfAnyReports_ReturnsThemBitForBit() => Report.Array[0, 10].Sample(
        reports =>
        {
            using var folder = new TemporaryFolder();
            using (var log = new MetricsLog(folder.Path))
            {
                foreach (var report in reports) log.Write(report);
                if (reports.Length > 0) log.WriteFinal(reports[0]);
            }

            var read = MetricsLog.Read(folder.Path);

            Assert.Equal(reports.Select(Values), read.Reports.Select(Values));
            Assert.Equal(reports.Take(1).Select(report => report.Metrics), read.Final is null ? [] : new[] { read.Final.Metrics });
        },
        iter: 200);

    [Fact]
    public void Read_OfAFolderWithoutMetrics_ReturnsNone()
    {
        Assert.Empty(MetricsLog.Read(_folder.Path).Reports);
        Assert.Null(MetricsLog.Read(_folder["nowhere"]).Final);
    }

    [Fact]
    public void File_OfEachKind_HasTheDocumentedLines()
    {
        using (var log = new MetricsLog(_folder.Path))
        {
            log.Write(new StepReport(10, new Dictionary<string, double> { ["loss"] = 0.3128471374511719, ["top-5"] = 0.94 }, 41987.2));
            log.Write(new StepReport(100, new Dictionary<string, double> { ["loss"] = double.NaN }));
            log.WriteFinal(new StepReport(100, new Dictionary<string, double> { ["loss"] = 0.5 }));
        }

        Assert.Equal(
            [
                """{"kind":"start","step":0}""",
                """{"kind":"train","step":10,"samples_per_second":41987.2,"metrics":{"loss":0.3128471374511719,"top-5":0.94}}""",
                """{"kind":"validation","step":100,"metrics":{"loss":"NaN"}}""",
                """{"kind":"final","step":100,"metrics":{"loss":0.5}}""",
            ],
            System.IO.File.ReadAllLines(File));
    }

    [Fact]
    public void Reader_WhileTheFileGrowsByteByByte_ReturnsEachReportOnce()
    {
        using (var log = new MetricsLog(_folder.Path))
        {
            for (var step = 1; step <= 5; step++) log.Write(new StepReport(step, new Dictionary<string, double> { ["é"] = step }));
        }

        var bytes = System.IO.File.ReadAllBytes(File);
        using var growing = new TemporaryFolder();
        var reader = new MetricsReader(growing.Path);
        var steps = new List<long>();
        using (var file = new FileStream(growing[MetricsLog.FileName], FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            foreach (var value in bytes)
            {
                file.WriteByte(value);
                file.Flush();
                steps.AddRange(reader.ReadReports().Select(report => report.Step));
            }
        }

        Assert.Equal([1, 2, 3, 4, 5], steps);
    }

    [Fact]
    public void Log_OpenedAgain_ReplacesWhatFollowsItsStep()
    {
        using (var log = new MetricsLog(_folder.Path))
        {
            foreach (var step in new[] { 10, 20, 30 }) log.Write(new StepReport(step, new Dictionary<string, double> { ["loss"] = step }));
            log.WriteFinal(new StepReport(30, new Dictionary<string, double> { ["loss"] = 30 }));
        }

        // Simulates a process that was killed while it was writing.
        System.IO.File.AppendAllText(File, """{"kind":"train","st""");
        using (var log = new MetricsLog(_folder.Path, step: 20)) log.Write(
            new StepReport(30, new Dictionary<string, double> { ["loss"] = -1 }));

        var read = MetricsLog.Read(_folder.Path);
        Assert.Equal([(10, 10.0), (20, 20.0), (30, -1.0)], read.Reports.Select(report => (report.Step, report.Loss)));
        Assert.Null(read.Final);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"kind":"other","step":1}""")]
    [InlineData("""{"kind":"train","step":1,"metrics":{}}""")]
    [InlineData("""{"kind":"validation","step":-1,"metrics":{}}""")]
    [InlineData("""{"kind":"validation","step":1,"metrics":{"loss":"high"}}""")]
    public void Read_OfADamagedLine_NamesTheFileAndTheLine(string line)
    {
        System.IO.File.WriteAllText(File, $$"""{"kind":"start","step":0}""" + "\n" + line + "\n");

        var error = Assert.Throws<InvalidDataException>(() => MetricsLog.Read(_folder.Path));

        Assert.StartsWith($"{File} is damaged: line 2 ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithALogDir_WritesItsReportsInFullPrecision()
    {
        var result = Mox.Run(
            _ => Digits.Few, _ => ModelSpec.Classifier(DigitModels.SoftmaxRegression()), Mox.GetOptimizerFn("sgd", 0.01),
            batchSize: 20, maxNumberOfSteps: 25, evaluateEveryNSteps: 10, log: TextWriter.Null, logDir: _folder.Path);
        result.Network.Dispose();

        var read = MetricsLog.Read(_folder.Path);
        Assert.Equal(result.Reports.Select(Values), read.Reports.Select(Values));
        Assert.Equal(result.Validation!.Metrics, read.Final!.Metrics);
    }

    private static string Values(StepReport report) =>
        $"{report.Step} {Bits(report.SamplesPerSecond ?? -1)} {string.Join(' ', report.Metrics.Select(metric => $"{metric.Key}: {Bits(metric.Value)}"))}";

    // Every NaN equals any other here.
    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value);
}
