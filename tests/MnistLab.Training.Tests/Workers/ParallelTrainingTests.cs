using MnistLab.Testing;
using MnistLab.Training.Metrics;
using MnistLab.Training.Networks;
using MnistLab.TrainingProgram;

namespace MnistLab.Training.Tests.Workers;

/// <summary>
/// Tests that training on several workers has the same result as training on one. The tolerances are absolute, for
/// weights up to about 1, because the gradients of the shares are summed in a different order. SGD passes a rounding
/// error on unchanged; AdamW divides a gradient by its magnitude, so that the error of a gradient near zero can change
/// a weight by a fraction of the learning rate.
/// </summary>
public sealed class ParallelTrainingTests : IDisposable
{
    private const double ToleranceOfSgd = 1e-4;
    private const double ToleranceOfAdamW = 2e-3;
    private const double ToleranceOfLossWithAdamW = 2e-4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A batch of 50 is divided into 25 and 25; 17, 17, and 16; and 13, 13, 12, and 12.
    [Theory]
    [InlineData("sgd", DigitModels.LeNet, 0.05)]
    [InlineData("sgd", DigitModels.Fast, 0.05)]
    [InlineData("adamw", DigitModels.LeNet, 0.003)]
    [InlineData("adamw", DigitModels.Fast, 0.01)]
    public async Task Run_OnSeveralWorkers_HasTheLossesAndWeightsOfOne(string optimizer, string model, double rate)
    {
        Mpiexec.Require();
        var alone = (await TrainAsync(1, model, optimizer, rate))[0];

        foreach (var workers in new[] { 2, 3, 4 })
        {
            var together = await TrainAsync(workers, model, optimizer, rate);
            AssertClose(optimizer, alone, together);
        }
    }

    [Fact]
    public async Task Run_WithAugmentationAndDropout_DrawsWhatOneWorkerDraws()
    {
        Mpiexec.Require();
        var alone = (await TrainAsync(1, DigitModels.Best, "sgd", 0.01, steps: 10, augmentation: true))[0];
        var otherSeed = (await TrainAsync(1, DigitModels.Best, "sgd", 0.01, steps: 10, augmentation: true, seed: 5))[0];

        var together = await TrainAsync(3, DigitModels.Best, "sgd", 0.01, steps: 10, augmentation: true);

        AssertClose("sgd", alone, together);
        Assert.True(MaxDifference(alone.Losses, otherSeed.Losses) > 0.01);
    }

    [Theory]
    [InlineData("sgd", 0.05, 2, 3, 1)]
    [InlineData("adamw", 0.003, 1, 4, 2)]
    public async Task Run_ResumedWithOtherNumbersOfWorkers_EndsWithTheSameWeights(
        string optimizer, double rate, int first, int second, int third)
    {
        Mpiexec.Require();
        var whole = (await TrainAsync(1, DigitModels.Fast, optimizer, rate, steps: 36))[0];

        var run = _folder["run"];
        await TrainAsync(first, DigitModels.Fast, optimizer, rate, steps: 36, logDir: run, stopAfter: 11);
        var middle = await TrainAsync(second, DigitModels.Fast, optimizer, rate, steps: 36, logDir: run, stopAfter: 23);
        var last = await TrainAsync(third, DigitModels.Fast, optimizer, rate, steps: 36, logDir: run);

        Assert.Equal((11, 23), (middle[0].StartStep, last[0].StartStep));
        AssertClose(optimizer, whole with { Losses = whole.Losses[23..], Accuracies = whole.Accuracies[23..] }, last);
        // One worker writes; otherwise, each line would have been written several times.
        Assert.Equal(36, MetricsLog.Read(run).Reports.Count(report => !report.IsValidation));
    }

    [Fact]
    public async Task Run_OnWorkersWithOtherOptions_SaysWhichDiffers()
    {
        var mpiexec = Mpiexec.Require();
        string[] Program(int batchSize) =>
        [
            "-n", "1", "dotnet", Mpiexec.Program, ParallelRun.Argument,
            System.Text.Json.JsonSerializer.Serialize(Options(DigitModels.LeNet, "sgd", 0.01, 5) with { BatchSize = batchSize }),
        ];

        var (exitCode, text) = await Mpiexec.RunAsync([mpiexec, .. Program(50), ":", .. Program(48)]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("worker-1 has different options, data, or a different network from worker-0", text, StringComparison.Ordinal);
        Assert.Contains("batch_size=48", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithABatchSmallerThanTheNumberOfWorkers_SaysSo()
    {
        var mpiexec = Mpiexec.Require();
        var options = System.Text.Json.JsonSerializer.Serialize(Options(DigitModels.Softmax, "sgd", 0.01, 5) with { BatchSize = 2 });

        var (exitCode, text) = await Mpiexec.RunAsync(
            [mpiexec, "-n", "3", "dotnet", Mpiexec.Program, ParallelRun.Argument, options]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("A batch of 2 cannot be divided among 3 workers", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_UnderTheMpiexecOfOpenMpi_IsRefusedWithTheReason()
    {
        var options = System.Text.Json.JsonSerializer.Serialize(Options(DigitModels.Softmax, "sgd", 0.01, 5));

        var (exitCode, text) = await Mpiexec.RunAsync(
            ["dotnet", Mpiexec.Program, ParallelRun.Argument, options],
            ("OMPI_COMM_WORLD_SIZE", "2"),
            ("OMPI_COMM_WORLD_RANK", "1"));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("started by the mpiexec of Open MPI, whose binary interface differs", text, StringComparison.Ordinal);
    }

    private static void AssertClose(string optimizer, TrainedWorker alone, TrainedWorker[] together)
    {
        // All workers have the same result, bit for bit.
        foreach (var worker in together)
        {
            Assert.Equal(together[0].Weights, worker.Weights);
            Assert.Equal(together[0].Losses, worker.Losses);
            Assert.True(worker.CatchesNullReferences);
        }

        var (ofWeights, ofLosses) = optimizer == "sgd"
            ? (ToleranceOfSgd, ToleranceOfSgd)
            : (ToleranceOfAdamW, ToleranceOfLossWithAdamW);
        Assert.InRange(MaxDifference(alone.Losses, together[0].Losses), 0, ofLosses);
        Assert.InRange(MaxDifference(ToDoubles(alone.Weights), ToDoubles(together[0].Weights)), 0, ofWeights);
        // An image whose two best scores are equal may be predicted as either digit.
        Assert.InRange(MaxDifference(alone.Accuracies, together[0].Accuracies), 0, 1.0 / 50);
    }

    private static double[] ToDoubles(float[] values) => [.. values.Select(value => (double)value)];

    private static double MaxDifference(double[] first, double[] second)
    {
        Assert.Equal(first.Length, second.Length);
        return first.Zip(second, (one, other) => Math.Abs(one - other)).Max();
    }

    private Task<TrainedWorker[]> TrainAsync(
        int workers,
        string model,
        string optimizer,
        double rate,
        int steps = 30,
        bool augmentation = false,
        string? logDir = null,
        long stopAfter = 0,
        long seed = 4) => Mpiexec.TrainAsync(
            workers,
            Options(model, optimizer, rate, steps) with
            {
                Augmentation = augmentation,
                LogDir = logDir,
                StopAfter = stopAfter,
                Seed = seed,
            });

    private TrainingOptions Options(string model, string optimizer, double rate, int steps) =>
        new(Directory.CreateDirectory(_folder[Guid.NewGuid().ToString("N")]).FullName, model, optimizer, rate, 50, steps);
}
