using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Notebooks.Board;
using MnistLab.Training;

namespace MnistLab.Notebooks.Tests;

public sealed class RunBoardTests
{
    private static readonly ImageDataset Sample = MnistDataset.Load(Workspace.Find().SampleFolder).Train;
    private static readonly ImageDataset Train = Sample.Subset([.. Enumerable.Range(0, 300).Select(i => i * 13)]);
    private static readonly ImageDataset Validation = Sample.Subset([.. Enumerable.Range(0, 300).Select(i => (i * 13) + 5)]);

    private readonly RunBoard _board = new(Train, Validation);

    public RunBoardTests() => Lab.Open();

    [Fact]
    public async Task Try_WithSettings_AddsARunAndLeavesTheRestToThePreset()
    {
        var run = await _board.TryAsync(learningRate: 0.1, maxNumberOfSteps: 60, cancellationToken: Cancellation);

        Assert.Equal(BoardOutcome.Completed, run.Outcome);
        Assert.Equal("softmax, learningRate 0.1, maxNumberOfSteps 60", run.Name);
        Assert.Equal(("sgd", 50, 60), (run.Settings.Optimizer, run.Settings.BatchSize, run.Steps));
        Assert.InRange(run.Accuracy!.Value, 0.6, 1);
        Assert.Equal(Math.Sqrt(run.Accuracy.Value * (1 - run.Accuracy.Value) / 300), run.StandardError!.Value, 12);
        Assert.Same(run, Assert.Single(_board.Leaders));
        var html = Html();
        Assert.Contains("Run 1 is the only completed run.", html, StringComparison.Ordinal);
        Assert.Contains("<b>Wrong: ", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<progress", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Try_AgainWithBetterSettings_RanksThemAndShowsWhatChanged()
    {
        var poor = await _board.TryAsync(learningRate: 0.001, maxNumberOfSteps: 5, cancellationToken: Cancellation);
        var good = await _board.TryAsync(learningRate: 0.2, maxNumberOfSteps: 100, cancellationToken: Cancellation);

        Assert.Equal([good, poor], _board.Ranking);
        Assert.Equal([good], _board.Leaders);
        var comparison = RunComparison.Between(poor.Evaluation!, good.Evaluation!);
        Assert.Equal(good.Accuracy!.Value - poor.Accuracy!.Value, comparison.Difference, 12);
        var html = Html();
        Assert.Contains(
            "Run 2 (softmax, learningRate 0.2, maxNumberOfSteps 100) is clearly better than every other run.",
            html,
            StringComparison.Ordinal);
        Assert.Contains($"<b>Newly right: {comparison.NewlyRight.Count}</b> compared with run 1", html, StringComparison.Ordinal);
        Assert.Contains($"<b>Newly wrong: {comparison.NewlyWrong.Count}</b>", html, StringComparison.Ordinal);
        Assert.Contains("class=\"up\">▲ +", html, StringComparison.Ordinal);
        Assert.Equal(4, html.Split("<polyline").Length - 1);
    }

    [Fact]
    public async Task Leaders_OfRunsWithinTheNoise_AreATie()
    {
        await _board.TryAsync(learningRate: 0.1, maxNumberOfSteps: 60, cancellationToken: Cancellation);
        await _board.TryAsync(learningRate: 0.1, maxNumberOfSteps: 60, seed: 1, cancellationToken: Cancellation);

        Assert.Equal(2, _board.Leaders.Count);
        Assert.Contains("No winner: the differences between runs 1 and 2 are within the noise.", Html(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Try_ThatDiverges_IsShownAsSuch_AndTheBoardGoesOn()
    {
        var diverged = await _board.TryAsync(
            "lenet", learningRate: 1e8, optimizer: "sgd", maxNumberOfSteps: 30, cancellationToken: Cancellation);
        var next = await _board.TryAsync(maxNumberOfSteps: 20, cancellationToken: Cancellation);

        Assert.Equal(BoardOutcome.Diverged, diverged.Outcome);
        Assert.IsType<DivergedException>(diverged.Error);
        Assert.Null(diverged.Accuracy);
        Assert.Equal([next, diverged], _board.Ranking);
        Assert.Contains("The loss became NaN or infinite at step ", Html(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Try_ThatFails_IsShownAsSuch_AndTheBoardGoesOn()
    {
        // The network accepts only 28 × 28 pixels, which is detected when the run begins.
        var small = new ImageDataset(new byte[40 * 9], [.. Enumerable.Range(0, 40).Select(i => (byte)(i % 10))], 3, 3);
        var board = new RunBoard(small, small);
        var failed = await board.TryAsync("lenet", batchSize: 10, maxNumberOfSteps: 5, cancellationToken: Cancellation);
        await board.TryAsync("softmax", batchSize: 10, maxNumberOfSteps: 5, cancellationToken: Cancellation);

        Assert.Equal(BoardOutcome.Failed, failed.Outcome);
        Assert.Equal([1, 2], board.Runs.Select(run => run.Number));
        Assert.Contains(
            System.Net.WebUtility.HtmlEncode(failed.Error!.Message),
            board.ToDisplayString(HtmlFormatter.MimeType),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Try_ThatIsInterrupted_Ends_AndTheBoardGoesOn()
    {
        using var interruption = new CancellationTokenSource();
        var endless = _board.TryAsync(maxNumberOfSteps: 1_000_000_000, cancellationToken: interruption.Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _board.TryAsync(cancellationToken: Cancellation));
        await interruption.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);
        Assert.Equal(BoardOutcome.Interrupted, _board.Runs[0].Outcome);
        await _board.TryAsync(maxNumberOfSteps: 20, cancellationToken: Cancellation);
        Assert.Equal(["Completed", "Interrupted"], _board.Ranking.Select(run => $"{run.Outcome}"));
        Assert.Contains("interrupted at step", Html(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model", "lenett", "model must be one of softmax, lenet, fast, best, but was 'lenett'. Did you mean 'lenet'?")]
    [InlineData("optimizer", "adan", "optimizer must be one of sgd, momentum, adagrad, adadelta, rmsprop, adam, adamw, but was 'adan'. Did you mean 'adam'?")]
    [InlineData("learningRate", -0.5, "learningRate must be a number above 0, such as 0.003, but was '-0.5'.")]
    [InlineData("learningRate", double.NaN, "learningRate must be a number above 0, such as 0.003, but was 'NaN'.")]
    [InlineData("augmentation", -1, "augmentation must be a number of at least 0: 0 for none, 1 for the usual strength, but was '-1'.")]
    [InlineData("batchSize", 301, "batchSize must be a whole number from 1 to 300, the number of training images, but was '301'.")]
    [InlineData("maxNumberOfSteps", 0, "maxNumberOfSteps must be a whole number of at least 1, but was '0'.")]
    [InlineData("labelSmoothing", 1, "labelSmoothing must be a number of at least 0 and below 1, such as 0.1, but was '1'.")]
    [InlineData("seed", "one", "seed must be a whole number, but was 'one'.")]
    public async Task Try_WithAValueThatCannotBe_SaysWhichValuesCan(string name, object value, string message)
    {
        var error = await Assert.ThrowsAsync<BoardSettingException>(
            () => _board.TryAsync(new Dictionary<string, object?> { [name] = value }, Cancellation));

        Assert.Equal((name, message), (error.Setting, error.Message));
        Assert.Empty(_board.Runs);
    }

    [Theory]
    [InlineData("learnRate", "Did you mean 'learningRate'? ")]
    [InlineData("learning_rat", "Did you mean 'learningRate'? ")]
    [InlineData("batch", "")]
    public async Task Try_WithASettingThatDoesNotExist_NamesTheNearest(string name, string nearest)
    {
        var error = await Assert.ThrowsAsync<BoardSettingException>(
            () => _board.TryAsync(new Dictionary<string, object?> { [name] = 1 }, Cancellation));

        Assert.StartsWith(
            $"There is no setting '{name}'. {nearest}The settings are: model, learningRate, ",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Try_WithTheNamesOfAJob_TakesThem()
    {
        var run = await _board.TryAsync(new Dictionary<string, object?>
        {
            ["learning_rate"] = "0.1",
            ["max_number_of_steps"] = 20,
            ["seed"] = null
        }, Cancellation);

        Assert.Equal("softmax, learningRate 0.1, maxNumberOfSteps 20", run.Name);
    }

    [Fact]
    public async Task Try_WithANetworkOfOnesOwn_TrainsIt()
    {
        var mine = ModelPreset.Softmax with { Model = "mine", LearningRate = 0.1 };
        var board = new RunBoard(Train, Validation, ModelPresets.Default.With(mine));

        var run = await board.TryAsync("mine", maxNumberOfSteps: 60, cancellationToken: Cancellation);

        Assert.Equal(("mine", "0.1"), (run.Settings.Model, run.Settings.LearningRate));
        Assert.InRange(run.Accuracy!.Value, 0.6, 1);
        var error = await Assert.ThrowsAsync<BoardSettingException>(() => board.TryAsync("nine", cancellationToken: Cancellation));
        Assert.Equal("model must be one of softmax, lenet, fast, best, mine, but was 'nine'. Did you mean 'mine'?", error.Message);
    }

    [Fact]
    public async Task Try_WithFewerImagesThanThePresetsBatch_NamesTheBatchSize()
    {
        var board = new RunBoard(Train.Subset([0, 1, 2]), Validation);

        Assert.Equal("batchSize", (await Assert.ThrowsAsync<BoardSettingException>(
            () => board.TryAsync(cancellationToken: Cancellation))).Setting);
    }

    [Fact]
    public async Task ToDataFrame_OfRuns_HasARowForEachInTheirOrder()
    {
        await _board.TryAsync("lenet", learningRate: 1e8, optimizer: "sgd", maxNumberOfSteps: 30, cancellationToken: Cancellation);
        var run = await _board.TryAsync(learningRate: 0.1, maxNumberOfSteps: 20, cancellationToken: Cancellation);

        var table = _board.ToDataFrame();

        Assert.Equal([1, "Diverged", "lenet", "sgd", 1e8], table.Rows[0].Take(5));
        Assert.Null(table["accuracy"][0]);
        Assert.Equal([2, "Completed", "softmax", "sgd", 0.1, 50], table.Rows[1].Take(6));
        Assert.Equal(run.Accuracy, table["accuracy"][1]);
        Assert.Equal(20L, table["steps"][1]);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Html() => _board.ToDisplayString(HtmlFormatter.MimeType);
}
