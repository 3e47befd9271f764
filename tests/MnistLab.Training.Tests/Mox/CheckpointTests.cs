using CsCheck;
using MnistLab.Testing;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.Networks;
using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class CheckpointTests : IDisposable
{
    private const int Steps = 60;

    private readonly TemporaryFolder _folder = new();

    private string Checkpoints => _folder["checkpoints"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("adagrad")]
    [InlineData("adadelta")]
    [InlineData("rmsprop")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void Run_InterruptedAtAnyStep_EndsWithTheSameWeights(string optimizer)
    {
        using var uninterrupted = Train(null, optimizer).Network;
        // The hash of a string differs from process to process.
        var random = new Random(optimizer.Sum(letter => letter));
        for (var trial = 0; trial < 5; trial++)
        {
            var folder = _folder[$"{optimizer}-{trial}"];
            foreach (var stop in new[] { random.Next(1, Steps / 2), random.Next(Steps / 2, Steps) })
            {
                using var cancellation = new CancellationTokenSource();
                Assert.Throws<OperationCanceledException>(() => Train(
                    folder,
                    optimizer,
                    hooks: [new CancelAt(stop, cancellation)],
                    cancellationToken: cancellation.Token));
            }

            var resumed = Train(folder, optimizer);
            using var network = resumed.Network;
            Assert.InRange(resumed.StartStep, 1, Steps - 1);
            Assert.Equal(Bytes(uninterrupted), Bytes(network));
        }
    }

    [Fact]
    public void Run_WithSaveModelSteps_KeepsTheNewestAndTheBest()
    {
        using var network = Train(_folder.Path, saveEvery: 10, keep: 3, evaluateEvery: 10).Network;

        var folder = new CheckpointFolder(Checkpoints, 3);
        Assert.Equal([40, 50, 60], folder.All.Select(checkpoint => checkpoint.Step));
        Assert.NotNull(folder.Best);
        Assert.Equal(4, Directory.GetFiles(Checkpoints).Length);
    }

    [Fact]
    public void Run_WithACheckpointAtTheLastStep_SaysThatNothingIsTrained()
    {
        Train(_folder.Path).Network.Dispose();
        var log = new StringWriter();

        var again = Train(_folder.Path, log: log);
        using var network = again.Network;

        Assert.Equal((Steps, Steps), (again.StartStep, again.Steps));
        Assert.Contains("NOTHING IS TRAINED", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithACheckpointBeyondTheLastStep_IsRefused()
    {
        Train(_folder.Path).Network.Dispose();

        var error = Assert.Throws<CheckpointException>(() => Train(_folder.Path, steps: Steps / 2));

        Assert.Contains(new CheckpointFolder(Checkpoints).Newest!, error.Message, StringComparison.Ordinal);
        Assert.Contains("beyond the 30 steps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfAnotherModelOrOptimizer_NamesTheDifference()
    {
        Train(_folder.Path).Network.Dispose();

        Assert.Contains(
            "belongs to another network: its '",
            Assert.Throws<CheckpointException>(() => Train(_folder.Path, model: DigitModels.Softmax)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "with the optimizer adam, but this run uses sgd",
            Assert.Throws<CheckpointException>(() => Train(_folder.Path, "sgd")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ToEvaluate_TakesTheLogDirBeforeTheCheckpointPath()
    {
        Train(_folder["other"], steps: 1).Network.Dispose();
        Train(_folder["log"]).Network.Dispose();
        var path = new CheckpointFolder(Path.Combine(_folder["other"], "checkpoints")).Newest;

        Assert.Equal(Steps, Other(RunMode.Eval, _folder["log"], path).Steps);
        Assert.Equal(1, Other(RunMode.Eval, _folder["empty"], path).Steps);
        Assert.Contains(
            "Eval needs weights",
            Assert.Throws<ArgumentException>(() => Other(RunMode.Eval, _folder["empty"], null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ToPredict_GivesProbabilitiesForEachSample()
    {
        Train(_folder.Path).Network.Dispose();

        var rows = Other(RunMode.Predict, _folder.Path, null).Outputs["probabilities"];

        Assert.Equal(Digits.Few.Count, rows.Count);
        Assert.All(rows, row => Assert.Equal((10, 1f), (row.Length, MathF.Round(row.Sum(), 4))));
    }

    [Fact]
    public void Run_ToExport_WritesTheNextVersion()
    {
        Train(_folder.Path).Network.Dispose();

        Assert.Equal(_folder["export/1"], Other(RunMode.Export, _folder.Path, null, _folder["export"]).ExportFolder);
        Assert.Equal(_folder["export/2"], Other(RunMode.Export, _folder.Path, null, _folder["export"]).ExportFolder);
        Assert.True(File.Exists(_folder["export/2/model.onnx"]));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder["export"]).Length);
    }

    [Fact]
    public void Safetensors_OfEachType_ReadsBackWhatWasWritten()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["floats"] = rand(3, 4),
            ["doubles"] = rand(2, dtype: ScalarType.Float64),
            ["longs"] = tensor(new[] { long.MinValue, 7 }),
            ["scalar"] = tensor(1.5f),
            ["bytes"] = tensor(new byte[] { 0, 255 }),
            ["bools"] = tensor(new[] { true, false }),
            ["empty"] = zeros(0, 3),
            ["turned"] = rand(3, 2).t(),
        };
        using (var file = File.Create(_folder["x"])) SafetensorsFile.Write(
            file, tensors, new Dictionary<string, string> { ["é"] = "\"ü\"" });

        var (read, metadata) = SafetensorsFile.Read(_folder["x"]);

        Assert.Equal("\"ü\"", metadata["é"]);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), read.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, values) in tensors)
        {
            using var found = read[name];
            Assert.Equal((values.dtype, string.Join(',', values.shape)), (found.dtype, string.Join(',', found.shape)));
            Assert.Equal(values.contiguous().bytes.ToArray(), found.bytes.ToArray());
        }
    }

    [Fact]
    public void Safetensors_Damaged_IsReadOrRefusedWithTheFilesName()
    {
        using var weights = rand(5);
        using (var file = File.Create(_folder["x"])) SafetensorsFile.Write(file, new Dictionary<string, Tensor> { ["a"] = weights });
        var whole = File.ReadAllBytes(_folder["x"]);
        var damaged = _folder["damaged"];

        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Sample(
            (position, value, length) =>
            {
                var bytes = whole[..length];
                if (position < length) bytes[position] = value;
                File.WriteAllBytes(damaged, bytes);
                try
                {
                    foreach (var tensor in SafetensorsFile.Read(damaged).Tensors.Values) tensor.Dispose();
                }
                catch (CheckpointException error)
                {
                    Assert.StartsWith($"{damaged} is damaged", error.Message, StringComparison.Ordinal);
                }
            },
            threads: 1,
            iter: 2000);
    }

    private static RunResult Train(
        string? logDir,
        string optimizer = "adam",
        string model = DigitModels.Fast,
        int steps = Steps,
        int saveEvery = 0,
        int keep = 5,
        int evaluateEvery = 0,
        TextWriter? log = null,
        IReadOnlyList<RunHook>? hooks = null,
        CancellationToken cancellationToken = default) => Mox.Run(
        _ => Digits.Few,
        _ => ModelSpec.Classifier(Network(model)),
        Mox.GetOptimizerFn(optimizer, LearningRateSchedule.OneCycle(0.01, Steps)),
        batchSize: 16,
        maxNumberOfSteps: steps,
        evaluateEveryNSteps: evaluateEvery,
        seed: 3,
        log: log ?? TextWriter.Null,
        logDir: logDir,
        saveModelSteps: saveEvery,
        keepCheckpoints: keep,
        hooks: hooks,
        cancellationToken: cancellationToken);

    private static RunResult Other(RunMode mode, string? logDir, string? checkpointPath, string? exportModel = null)
    {
        var result = Mox.Run(
            _ => Digits.Few,
            _ => ModelSpec.Classifier(Network(DigitModels.Fast)),
            runMode: mode,
            log: TextWriter.Null,
            logDir: logDir,
            checkpointPath: checkpointPath,
            exportModel: exportModel);
        result.Network.Dispose();
        return result;
    }

    // With dropout, which draws random numbers in each step.
    private static nn.Module<Tensor, Tensor> Network(string model) => model == DigitModels.Softmax
        ? DigitModels.SoftmaxRegression()
        : nn.Sequential(
            ("conv", nn.Conv2d(1, 4, 5, stride: 2)),
            ("norm", nn.BatchNorm2d(4)),
            ("relu", nn.ReLU()),
            ("flatten", nn.Flatten()),
            ("dropout", nn.Dropout(0.3)),
            ("output", nn.Linear(4 * 12 * 12, 10)));

    private static byte[] Bytes(nn.Module<Tensor, Tensor> network) => [.. network
        .state_dict()
        .OrderBy(item => item.Key, StringComparer.Ordinal)
        .SelectMany(item => item.Value.bytes.ToArray())];

    private sealed class CancelAt(long step, CancellationTokenSource cancellation) : RunHook
    {
        public override void AfterStep(RunContext run, double loss)
        {
            if (run.Step == step) cancellation.Cancel();
        }
    }
}
