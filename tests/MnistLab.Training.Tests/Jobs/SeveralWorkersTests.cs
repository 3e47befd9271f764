using System.Diagnostics;
using System.Globalization;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Testing;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.Jobs;
using MnistLab.Training.Tests.Workers;
using MnistLab.Training.Workers;

namespace MnistLab.Training.Tests;

/// <summary>
/// Tests jobs with several workers: one result, a log for each worker, and a proper end if one of them fails.
/// </summary>
public sealed class SeveralWorkersTests
{
    // Slows down at step 60 until the test creates the file "go", so that the test can stop or kill a worker in the
    // middle of training.
    private const string Trains =
        """
        using MnistLab.Data.Datasets;
        using MnistLab.Training;
        using MnistLab.Training.Jobs;
        using MnistLab.Training.Networks;
        var arguments = new JobArguments(args);
        var go = Path.Combine(Environment.GetEnvironmentVariable("MNISTLAB_HOME")!, "go");
        var digits = new ImageDataset(new byte[100 * 784], new byte[100], 28, 28);
        Console.WriteLine($"worker {JobEnvironment.WorkerIndex} of {JobEnvironment.WorkerCount}");
        var run = Mox.Run(
            _ => digits,
            _ => ModelSpec.Classifier(DigitModels.LeNet5()),
            Mox.GetOptimizerFn("adamw", 0.001),
            batchSize: 12, maxNumberOfSteps: 200, logEveryNSteps: 20, saveModelSteps: 10,
            hooks: [new Slow(go, arguments)], logDir: arguments.Text("log_dir", ""), cancellationToken: JobEnvironment.Stopping);
        Console.WriteLine($"done after step {run.Steps}, from step {run.StartStep}");

        sealed class Slow(string go, JobArguments arguments) : RunHook
        {
            public override void AfterStep(RunContext run, double loss)
            {
                if (File.Exists(go)) return;
                Thread.Sleep(run.Step < 60 ? 2 : 60);
                if (run.Step < 40) return;
                if (arguments.Integer("throws_on", -1) == JobEnvironment.WorkerIndex) throw new Exception("no pixels today");
                if (arguments.Integer("exits_on", -1) == JobEnvironment.WorkerIndex) Environment.Exit(3);
                if (arguments.Integer("hangs_on", -1) == JobEnvironment.WorkerIndex) Thread.Sleep(-1);
            }
        }
        """;

    private static readonly TimeSpan TimeToFail = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Job_WithThreeWorkers_HasOneModelAndALogOfEach()
    {
        Mpiexec.Require();
        await using var workspace = await JobWorkspace.CreateAsync("");
        var codes = Path.Combine(Workspace.Find(AppContext.BaseDirectory).Root, "notebooks", "codes");
        await workspace.Store.UploadFolderAsync(codes, workspace.Bucket / "codes/");
        var spec = workspace.Spec("job", ("model", "fast"), ("max_number_of_steps", "40")) with
        {
            BootFileUrl = workspace.Bucket / "codes/train_mnist.cs",
            WorkerCount = 3,
        };

        var job = await workspace.SubmitAsync(spec);
        await job.WaitAsync();
        var manifest = await ModelPackage.ReadManifestAsync(workspace.Store, job.OutputUrl);

        Assert.Equal((JobStatus.Completed, 3), (job.Status, manifest.Job!.WorkerCount));
        Assert.Equal([10, 20, 30, 40], job.Reports.Where(report => !report.IsValidation).Select(report => report.Step));
        for (var worker = 0; worker < 3; worker++)
        {
            Assert.NotEmpty(job.SearchLog("step: 40(", worker));
            var copy = await workspace.Store.GetTextAsync(job.OutputUrl / FormattableString.Invariant($"worker-{worker}.log"));
            Assert.Equal(File.ReadAllText(job.LogFileOf(worker)), copy);
            var name = WorkerPlace.NameOf(worker);
            Assert.Contains(job.Events, happening => happening.Message == $"[{name}] running {spec.BootFileUrl}");
        }

        // The model is exported and written once.
        Assert.Single(job.SearchLog("model saved to"));
        Assert.Empty(job.SearchLog("model saved to", 1));
        Assert.Single(Directory.GetFiles(job.LogDir, "events.out.*", SearchOption.AllDirectories));
        Assert.Throws<ArgumentOutOfRangeException>(() => job.LogFileOf(3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Job_WithAWorkerThatIsKilled_FailsNamesItAndResumesWithFewer(int victim)
    {
        await using var workspace = await StartAsync(3);
        var job = await workspace.SubmitAsync(Spec(workspace, 3));
        // A step is logged before its checkpoint is saved: at step 60, the checkpoint of step 40 exists.
        await JobWorkspace.WaitForLineAsync(job, "step: 60(");
        var processes = ProcessesOf(job, 3);

        var killed = DateTimeOffset.UtcNow;
        processes[victim].Kill();
        var error = await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal((JobStatus.Failed, 137), (job.Status, job.ExitCode));
        Assert.InRange(job.Created + job.Duration - killed, TimeSpan.Zero, TimeToFail);
        var name = FormattableString.Invariant($"worker-{victim} (process {processes[victim].Id} on {Environment.MachineName})");
        Assert.StartsWith($"{name} ended with exit code 137: signal 9, SIGKILL", job.Reason, StringComparison.Ordinal);
        Assert.Contains(job.LogFileOf(victim), error.Message, StringComparison.Ordinal);
        await AssertEndedAsync(processes);

        File.WriteAllText(workspace["go"], "");
        var resumed = await workspace.Jobs.ResumeAsync(job, workerCount: 2, TestContext.Current.CancellationToken);
        await resumed.WaitAsync();
        Assert.Equal((JobStatus.Completed, 2), (resumed.Status, resumed.Spec.WorkerCount));
        Assert.Matches("done after step 200, from step ([4-9]|1[0-9])0$", resumed.TailLog(1)[0].Text);
    }

    [Theory]
    [InlineData("throws_on", "exit code 1", "no pixels today")]
    [InlineData("exits_on", "exit code 3", "worker 1 of 2")]
    public async Task Job_WithAWorkerThatFails_NamesItAndQuotesItsLog(string how, string reason, string line)
    {
        await using var workspace = await StartAsync(2);

        var job = await workspace.SubmitAsync(Spec(workspace, 2, (how, "1")));
        var error = await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Matches($@"^worker-1 \(process \d+ on .+\) ended with {reason}$", job.Reason);
        Assert.Contains(line, error.Message, StringComparison.Ordinal);
        Assert.Contains(job.LogFileOf(1), error.Message, StringComparison.Ordinal);
        await AssertEndedAsync(ProcessesOf(job, 2));
    }

    [Fact]
    public async Task Job_WithAWorkerThatHangs_FailsAfterItsTimeoutAndNamesIt()
    {
        await using var workspace = await StartAsync(2);

        var job = await workspace.SubmitAsync(
            Spec(workspace, 2, ("hangs_on", "1")) with { WorkerTimeout = TimeSpan.FromSeconds(3) });
        await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Matches(@"^worker-1 \(process \d+ on .+\) has kept the others waiting for 3 s in step 4\d: it hangs$", job.Reason);
        await AssertEndedAsync(ProcessesOf(job, 2));
    }

    [Fact]
    public async Task Job_WithAWorkerThatEndsWithoutTraining_FailsAfterItsTimeoutAndNamesIt()
    {
        Mpiexec.Require();
        const string TrainsOnTheFirst =
            """
            using MnistLab.Data.Datasets;
            using MnistLab.Training;
            using MnistLab.Training.Networks;
            if (!JobEnvironment.IsFirstWorker) return;
            Mox.Run(
                _ => new ImageDataset(new byte[100 * 784], new byte[100], 28, 28),
                _ => ModelSpec.Classifier(DigitModels.SoftmaxRegression()),
                Mox.GetOptimizerFn("sgd", 0.1), batchSize: 10, maxNumberOfSteps: 10);
            """;
        await using var workspace = await JobWorkspace.CreateAsync(TrainsOnTheFirst);

        var job = await workspace.SubmitAsync(
            workspace.Spec() with { WorkerCount = 2, WorkerTimeout = TimeSpan.FromSeconds(2) });
        await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync().WaitAsync(Patience.Limit));

        Assert.Equal((JobStatus.Failed, 1), (job.Status, job.ExitCode));
        Assert.Matches(
            @"^worker-1 \(process \d+ on .+\) ended without training, while the others waited for 2 s\. ", job.Reason);
    }

    [Fact]
    public async Task Job_WithAWorkerThatIsFrozen_FailsAfterItsTimeoutAndLeavesNoProcess()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using var workspace = await StartAsync(2);
        var job = await workspace.SubmitAsync(Spec(workspace, 2) with { WorkerTimeout = TimeSpan.FromSeconds(3) });
        await JobWorkspace.WaitForLineAsync(job, "step: 40(");
        var processes = ProcessesOf(job, 2);

        using var stop = Process.Start("kill", ["-STOP", processes[1].Id.ToString(CultureInfo.InvariantCulture)]);
        await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.StartsWith(FormattableString.Invariant($"worker-1 (process {processes[1].Id} "), job.Reason, StringComparison.Ordinal);
        await AssertEndedAsync(processes);
    }

    [Fact]
    public async Task Job_WhoseSupervisorIsKilled_EndsItsWorkers()
    {
        await using var workspace = await StartAsync(2);
        var job = await workspace.SubmitAsync(Spec(workspace, 2));
        await JobWorkspace.WaitForLineAsync(job, "step: 40(");
        var processes = ProcessesOf(job, 2);
        using var supervisor = workspace.WorkerOf(job);

        supervisor.Kill();
        await AssertEndedAsync(processes);

        Assert.Equal(JobStatus.Abnormal, job.Status);
    }

    [Fact]
    public async Task Job_WhoseLauncherIsKilled_FailsAndEndsItsWorkers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The parent of a process is looked up as on Linux.");
        await using var workspace = await StartAsync(2);
        var job = await workspace.SubmitAsync(Spec(workspace, 2) with { WorkerTimeout = TimeSpan.FromSeconds(5) });
        await JobWorkspace.WaitForLineAsync(job, "step: 40(");
        var processes = ProcessesOf(job, 2);
        // Returns the process on each machine that starts the workers there; each of the workers has its own parent
        // process.
        using var proxy = Process.GetProcessById(ParentOf(ParentOf(processes[0].Id)));

        proxy.Kill();
        await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal(JobStatus.Failed, job.Status);
        await AssertEndedAsync(processes);
    }

    [Fact]
    public async Task Stop_OfAJobWithSeveralWorkers_SavesACheckpointAndResumes()
    {
        await using var workspace = await StartAsync(2);
        var job = await workspace.SubmitAsync(Spec(workspace, 2));
        await JobWorkspace.WaitForLineAsync(job, "step: 40(");
        var processes = ProcessesOf(job, 2);

        await job.StopAsync();
        await AssertEndedAsync(processes);

        Assert.Equal((JobStatus.Terminated, "on request"), (job.Status, job.Reason));
        var newest = new CheckpointFolder(Path.Combine(job.LogDir, "checkpoints")).All[^1].Step;
        File.WriteAllText(workspace["go"], "");
        var resumed = await workspace.Jobs.ResumeAsync(job, workerCount: 1, TestContext.Current.CancellationToken);
        await resumed.WaitAsync();
        Assert.Equal(FormattableString.Invariant($"done after step 200, from step {newest}"), resumed.TailLog(1)[0].Text);
    }

    private static async Task<JobWorkspace> StartAsync(int workers)
    {
        Mpiexec.Require();
        Assert.InRange(workers, 2, 4);
        return await JobWorkspace.CreateAsync(Trains);
    }

    private static TrainingJobSpec Spec(JobWorkspace workspace, int workers, params (string Name, string Value)[] parameters) =>
        workspace.Spec("job", parameters) with { WorkerCount = workers, WorkerTimeout = TimeSpan.FromMinutes(10) };

    private static Process[] ProcessesOf(TrainingJob job, int workers)
    {
        var folder = new JobFolder(Path.GetDirectoryName(job.LogFile)!);
        return [.. Enumerable.Range(0, workers)
            .Select(worker => Heartbeat.Read(folder.HeartbeatOf(worker))!.ProcessId)
            .Select(FindProcess)
            .OfType<Process>()];
    }

    private static Process? FindProcess(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Waits until the processes have ended; the timeout of the test ends the wait otherwise.</summary>
    private static async Task AssertEndedAsync(Process[] processes)
    {
        foreach (var process in processes)
        {
            await process
                .WaitForExitAsync(TestContext.Current.CancellationToken)
                .WaitAsync(TimeToFail, TestContext.Current.CancellationToken);
            process.Dispose();
        }
    }

    private static int ParentOf(int id)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
