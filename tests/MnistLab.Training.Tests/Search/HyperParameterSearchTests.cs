using System.Collections.Concurrent;
using MnistLab.Storage;
using MnistLab.Training.Jobs;
using MnistLab.Training.Search;

namespace MnistLab.Training.Tests;

public sealed class HyperParameterSearchTests
{
    // Trains a model that has a custom metric; the losses differ by less than the log shows.
    private const string Trains =
        """
        using MnistLab.Data.Datasets;
        using MnistLab.Training.Jobs;
        using MnistLab.Training.Networks;
        using MnistLab.Training;
        var arguments = new JobArguments(args);
        var rate = arguments.Number("learning_rate", 0);
        var digits = new ImageDataset(new byte[20 * 784], new byte[20], 28, 28);
        var run = Mox.Run(
            _ => digits,
            _ => ModelSpec.Classifier(DigitModels.SoftmaxRegression()) with
            {
                LogInfo = new Dictionary<string, Func<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>>
                {
                    ["top-5"] = (logits, labels) => TorchSharp.torch.tensor((float)rate),
                },
            },
            Mox.GetOptimizerFn("sgd", rate),
            batchSize: 20, maxNumberOfSteps: 4, evaluateEveryNSteps: 2, logDir: arguments.Text("log_dir", ""));
        """;

    // Reports a given validation accuracy; one value makes it fail.
    private const string Pretends =
        """
        using MnistLab.Training.Jobs;
        using MnistLab.Training.Metrics;
        var arguments = new JobArguments(args);
        var rate = arguments.Number("learning_rate", 0);
        if (rate > 5) throw new InvalidOperationException("diverged");
        if (arguments.Flag("export_model", true)) throw new InvalidOperationException("A trial exports nothing.");
        using var metrics = new MetricsLog(arguments.Text("log_dir", ""));
        metrics.Write(new StepReport(1, new Dictionary<string, double> { ["loss"] = 1, ["accuracy"] = rate * arguments.Integer("batch_size", 1) }));
        """;

    [Fact]
    public async Task Search_OfAGrid_TriesEachAndGoesOnAfterAFailure()
    {
        await using var workspace = await JobWorkspace.CreateAsync(Pretends);
        var ended = new ConcurrentBag<int>();

        var trials = await Search(workspace, ["0.1", "9"]).RunAsync(new Progress(ended.Add));

        Assert.Equal([JobStatus.Completed, JobStatus.Failed], trials.Select(trial => trial.Status!.Value));
        Assert.Equal(0.2, trials[0].Validation!.Accuracy, 6);
        Assert.Null(trials[1].Validation);
        Assert.Contains("diverged", trials[1].Job!.TailLog()[0].Text, StringComparison.Ordinal);
        Assert.Equal([1, 2], ended.Order());
    }

    [Fact]
    public async Task Search_OfTrialsThatDifferLittle_RanksThemByTheirFullMetrics()
    {
        await using var workspace = await JobWorkspace.CreateAsync(Trains);
        string[] rates = ["0.50001", "0.50003", "0.50002"];

        var trials = await new HyperParameterSearch(
            workspace.Workspace, workspace.Spec("search"), SearchSpace.Grid(("learning_rate", rates))).RunAsync();

        Assert.Equal(["loss", "top-5"], trials[0].Validation!.Metrics.Keys);
        Assert.Equal(
            rates.Select(rate => (double)float.Parse(rate, System.Globalization.CultureInfo.InvariantCulture)),
            trials.Select(trial => trial.Validation!.Metrics["top-5"]));
        // A larger step along the same gradient leaves a smaller loss; the differences are at most 0.00002.
        Assert.Equal(
            ["0.50003", "0.50002", "0.50001"],
            trials.OrderBy(trial => trial.Validation!.Loss).Select(trial => trial.Parameters["learning_rate"]));
        Assert.Equal(3, trials.Select(trial => trial.Validation!.Loss).Distinct().Count());
    }

    [Fact]
    public async Task Search_RunAgain_DoesOnlyWhatIsNotDone()
    {
        await using var workspace = await JobWorkspace.CreateAsync(Pretends);
        var first = await Search(workspace, ["0.1", "0.2"], maxTrials: 1).RunAsync();
        Assert.Equal([JobStatus.Completed, null], first.Select(trial => trial.Status));

        var second = await Search(workspace, ["0.1", "0.2"]).RunAsync();
        await workspace.Store.PutTextAsync(workspace.Bucket / "codes/boot.cs", Pretends + "\n// Other code.");
        var third = await Search(workspace, ["0.1"]).RunAsync();

        Assert.Equal([true, false], second.Select(trial => trial.WasThere));
        Assert.Equal("V0001", second[0].Job!.Version);
        Assert.False(third[0].WasThere);
        Assert.Equal(["V0003", "V0002", "V0001"], workspace.Jobs.All.Select(job => job.Version));
    }

    [Fact]
    public async Task Search_WhoseTimeIsOver_BeginsNothing()
    {
        await using var workspace = await JobWorkspace.CreateAsync(Pretends);

        var trials = await new HyperParameterSearch(workspace.Workspace, workspace.Spec(), SearchSpace.Grid(
            ("learning_rate", ["0.1"])))
        { MaxDuration = TimeSpan.Zero }.RunAsync();

        Assert.Null(trials[0].Job);
        Assert.Empty(workspace.Jobs.All);
    }

    [Fact]
    public async Task Search_ThatIsCancelled_StopsWhatRuns()
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        using var cancellation = new CancellationTokenSource();
        var running = new HyperParameterSearch(workspace.Workspace, workspace.Spec(), SearchSpace.Grid(
            ("learning_rate", ["0.1", "0.2", "0.3"])))
        { Parallelism = 2 }.RunAsync(cancellationToken: cancellation.Token);
        while (workspace.Jobs.All is not [{ Status: JobStatus.Running }, { Status: JobStatus.Running }]) await Task.Yield();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal([JobStatus.Terminated, JobStatus.Terminated], workspace.Jobs.All.Select(job => job.Status));
    }

    [Fact]
    public async Task Search_WithAWrongValue_NamesIt()
    {
        await using var workspace = await JobWorkspace.CreateAsync(Pretends);

        var error = await Assert.ThrowsAsync<TrainingJobException>(() => Search(workspace, ["fast"]).RunAsync());

        Assert.Contains("parameter learning_rate 'fast'", error.Message, StringComparison.Ordinal);
    }

    private static HyperParameterSearch Search(JobWorkspace workspace, string[] rates, int maxTrials = int.MaxValue) =>
        new(workspace.Workspace, workspace.Spec(
            "search", ("batch_size", "2")), SearchSpace.Grid(("learning_rate", rates)))
        { MaxTrials = maxTrials };

    private sealed class Progress(Action<int> ended) : IProgress<SearchTrial>
    {
        public void Report(SearchTrial value) => ended(value.Number);
    }
}
