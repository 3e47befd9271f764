using System.Text.Json;
using MnistLab.Storage;
using MnistLab.Testing;
using MnistLab.Training.Jobs;
using MnistLab.Training.Networks;
using MnistLab.Training.Search;
using MnistLab.Training.Tests.Workers;
using MnistLab.TrainingProgram;

namespace MnistLab.Training.Tests.Launchers;

/// <summary>
/// Tests jobs on a Slurm cluster: the statuses, logs, events, stop, and resume are the same as on this machine.
/// </summary>
public sealed class SlurmTests(SingleNodeSlurm slurm) : IClassFixture<SingleNodeSlurm>
{
    // Reports a given validation accuracy, and where it ran.
    private const string Pretends =
        """
        var arguments = new MnistLab.Training.Jobs.JobArguments(args);
        Console.WriteLine($"array {Environment.GetEnvironmentVariable("SLURM_ARRAY_JOB_ID")}");
        using var metrics = new MnistLab.Training.Metrics.MetricsLog(arguments.Text("log_dir", ""));
        var rate = arguments.Number("learning_rate", 0);
        metrics.Write(new MnistLab.Training.Metrics.StepReport(1, new Dictionary<string, double> { ["loss"] = 1, ["accuracy"] = rate }));
        """;

    private const string TrainsUntilStopped =
        """
        using MnistLab.Data.Datasets;
        using MnistLab.Training;
        using MnistLab.Training.Jobs;
        using MnistLab.Training.Networks;
        var arguments = new JobArguments(args);
        var go = Path.Combine(Environment.GetEnvironmentVariable("MNISTLAB_HOME")!, "go");
        var digits = new ImageDataset(new byte[100 * 784], new byte[100], 28, 28);
        var run = Mox.Run(
            _ => digits,
            _ => ModelSpec.Classifier(DigitModels.LeNet5()),
            Mox.GetOptimizerFn("adamw", 0.001),
            batchSize: 12, maxNumberOfSteps: 400, logEveryNSteps: 20, saveModelSteps: 10,
            hooks: [new Slow(go)], logDir: arguments.Text("log_dir", ""), cancellationToken: JobEnvironment.Stopping);
        Console.WriteLine($"done from step {run.StartStep}");

        sealed class Slow(string go) : RunHook
        {
            public override void AfterStep(RunContext run, double loss)
            {
                if (!File.Exists(go)) Thread.Sleep(20);
            }
        }
        """;

    [Fact]
    public async Task Job_OnSlurm_IsCompletedAndHasDeliveredWhatALocalOneDelivers()
    {
        await using var workspace = await CreateAsync(
            "Console.WriteLine($\"batch job {Environment.GetEnvironmentVariable(\"SLURM_JOB_ID\")}\");");

        var job = await workspace.SubmitAsync(OnSlurm(workspace.Spec()));
        var log = new StringWriter();
        await job.WaitAsync(log);

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Matches(@"^batch job \d+\n$", log.ToString());
        Assert.Equal(log.ToString(), await workspace.Store.GetTextAsync(job.OutputUrl / "worker-0.log"));
        Assert.Equal(("created", "completed"), (job.Events[0].Message, job.Events[^1].Message));
        Assert.Equal(JobTarget.Slurm, workspace.Jobs.Find("job").Spec.Target);
    }

    [Fact]
    public async Task Job_OnSlurmWhoseProgramThrows_HasFailedAndTheErrorQuotesTheLog()
    {
        await using var workspace = await CreateAsync("throw new InvalidOperationException(\"no pixels today\");");

        var job = await workspace.SubmitAsync(OnSlurm(workspace.Spec()));
        var error = await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Contains("no pixels today", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Job_OnSlurm_StopsWithACheckpointAndResumes(int workers)
    {
        Mpiexec.Require();
        await using var workspace = await CreateAsync(TrainsUntilStopped);
        var job = await workspace.SubmitAsync(OnSlurm(workspace.Spec()) with { WorkerCount = workers });
        await JobWorkspace.WaitForLineAsync(job, "step: 40(");

        await job.StopAsync(TestContext.Current.CancellationToken);
        File.WriteAllText(workspace["go"], "");
        var resumed = await workspace.Jobs.ResumeAsync(job, TestContext.Current.CancellationToken);
        await resumed.WaitAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((JobStatus.Terminated, "on request"), (job.Status, job.Reason));
        Assert.Equal(
            (JobStatus.Completed, JobTarget.Slurm, workers),
            (resumed.Status, resumed.Spec.Target, resumed.Spec.WorkerCount));
        Assert.Matches("^done from step [4-9]\\d$", resumed.TailLog(1)[0].Text);
    }

    [Fact]
    public async Task Job_ThatWaitsInTheQueue_IsPendingAndIsRemovedWhenStopped()
    {
        await using var workspace = await CreateAsync(JobWorkspace.Waits);
        // As many as the node has processors.
        var running = new List<TrainingJob>();
        for (var i = 0; i < 4; i++) running.Add(await workspace.SubmitAsync(OnSlurm(workspace.Spec())));
        foreach (var job in running) await JobWorkspace.WaitForLineAsync(job, "waiting");

        var waiting = await workspace.SubmitAsync(OnSlurm(workspace.Spec()));
        await JobWorkspace.WaitForStatusAsync(waiting, JobStatus.Pending);
        await waiting.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal((JobStatus.Terminated, "on request"), (waiting.Status, waiting.Reason));
        Assert.False(File.Exists(waiting.LogFile));
        var copy = await workspace.Store.GetTextAsync(waiting.OutputUrl / "job.json", TestContext.Current.CancellationToken);
        Assert.Contains("\"Terminated\"", copy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_ThatIsCancelledInSlurm_EndsAsIfItHadBeenStopped()
    {
        await using var workspace = await CreateAsync(JobWorkspace.Waits);
        var job = await workspace.SubmitAsync(OnSlurm(workspace.Spec()));
        await JobWorkspace.WaitForLineAsync(job, "waiting");

        await SingleNodeSlurm.RunAsync("scancel", await ReadNumberAsync(job));
        await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal((JobStatus.Terminated, "on a signal from the system"), (job.Status, job.Reason));
    }

    [Fact]
    public async Task Job_WhoseSupervisorIsKilledOnSlurm_IsAbnormalAndNamesTheBatchJob()
    {
        await using var workspace = await CreateAsync(JobWorkspace.Waits);
        var job = await workspace.SubmitAsync(OnSlurm(workspace.Spec()));
        await JobWorkspace.WaitForLineAsync(job, "waiting");
        var id = await ReadNumberAsync(job);
        using var supervisor = workspace.WorkerOf(job);

        supervisor.Kill();
        var error = await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal(JobStatus.Abnormal, job.Status);
        Assert.Contains($"Slurm job {id} has ended", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_OnSlurm_IsOneJobArrayAndDoesNothingTwice()
    {
        await using var workspace = await CreateAsync(Pretends);
        var rates = Enumerable.Range(1, 12).Select(rate => FormattableString.Invariant($"0.{rate:00}")).ToArray();
        var search = new HyperParameterSearch(
            workspace.Workspace, OnSlurm(workspace.Spec("search")), SearchSpace.Grid(("learning_rate", rates)));

        var trials = await search.RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        var again = await search.RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.All(trials, trial => Assert.Equal(JobStatus.Completed, trial.Status));
        Assert.Equal("0.12", trials.MaxBy(trial => trial.Validation!.Accuracy)!.Parameters["learning_rate"]);
        Assert.Matches(@"^array \d+$", Assert.Single(trials.Select(trial => trial.Job!.TailLog()[0].Text).Distinct()));
        Assert.All(again, trial => Assert.True(trial.WasThere));
        Assert.Equal(12, workspace.Jobs.All.Count);
    }

    [Fact]
    public async Task Search_OnSlurmThatIsCancelled_LeavesNothingInTheQueue()
    {
        await using var workspace = await CreateAsync(JobWorkspace.Waits);
        using var cancellation = new CancellationTokenSource();
        var rates = Enumerable.Range(1, 7).Select(rate => FormattableString.Invariant($"0.{rate}")).ToArray();
        var running = new HyperParameterSearch(
            workspace.Workspace, OnSlurm(workspace.Spec("search")), SearchSpace.Grid(("learning_rate", rates)))
        { Parallelism = 2 }.RunAsync(cancellationToken: cancellation.Token);
        while (workspace.Jobs.All.Count(job => job.Status == JobStatus.Running) < 2)
            await Task.Delay(100, TestContext.Current.CancellationToken);

        var pending = workspace.Jobs.All.Count(job => job.Status == JobStatus.Pending);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal(5, pending);
        Assert.All(workspace.Jobs.All, job => Assert.Equal(JobStatus.Terminated, job.Status));
        Assert.Equal("", await SingleNodeSlurm.RunAsync("squeue", "--noheader", "--states=PENDING"));
    }

    [Fact]
    public async Task Run_UnderSrun_HasTheWeightsOfOneWorker()
    {
        SingleNodeSlurm.Require();
        using var folder = new TemporaryFolder();
        TrainingOptions Options(string output) => new(folder[output], DigitModels.LeNet, "sgd", 0.05, 50, 10);
        var alone = (await Mpiexec.TrainAsync(1, Options("alone")))[0];

        string[] program = ["dotnet", Mpiexec.Program, ParallelRun.Argument];
        var together = await Mpiexec.TrainAsync(
            2, folder["srun"], ["srun", "--mpi=pmi2", "--ntasks=2", .. program, JsonSerializer.Serialize(Options("srun"))]);
        var (exitCode, text) = await Mpiexec.RunAsync(
            ["srun", "--mpi=none", "--ntasks=2", .. program, JsonSerializer.Serialize(Options("srun"))]);

        Assert.Equal(together[0].Weights, together[1].Weights);
        Assert.InRange(alone.Losses.Zip(together[0].Losses, (one, other) => Math.Abs(one - other)).Max(), 0, 1e-5);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("srun --mpi=pmi2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_WithAHostFile_SaysThatSlurmChoosesTheMachines()
    {
        await using var workspace = await CreateAsync(JobWorkspace.Waits);
        File.WriteAllText(workspace["hosts"], "localhost\n");

        var error = await Assert.ThrowsAsync<TrainingJobException>(() => workspace.SubmitAsync(
            OnSlurm(workspace.Spec()) with { WorkerCount = 2, HostFile = workspace["hosts"] }));

        Assert.Contains("which chooses the machines itself", error.Message, StringComparison.Ordinal);
        Assert.True(await SlurmCluster.IsAvailableAsync(TestContext.Current.CancellationToken));
    }

    private static Task<string> ReadNumberAsync(TrainingJob job) => File.ReadAllTextAsync(
        Path.Combine(Path.GetDirectoryName(job.LogFile)!, "cluster-job"), TestContext.Current.CancellationToken);

    private static TrainingJobSpec OnSlurm(TrainingJobSpec spec) => spec with { Target = JobTarget.Slurm };

    private async Task<JobWorkspace> CreateAsync(string bootFile)
    {
        Assert.NotNull(slurm);
        SingleNodeSlurm.Require();
        return await JobWorkspace.CreateAsync(bootFile);
    }
}
