using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Training.Jobs;

namespace MnistLab.Training.Tests;

/// <summary>Tests jobs that really run: each is a process that compiles and runs a boot file.</summary>
public sealed class TrainingJobTests
{
    [Fact]
    public async Task Job_ThatEndsWell_IsCompletedAndHasDeliveredEverything()
    {
        await using var workspace = await JobWorkspace.CreateAsync(
            """
            var arguments = new MnistLab.Training.Jobs.JobArguments(args);
            Console.WriteLine($"data at {arguments.Url("data_url")}, epochs {arguments.Integer("epochs", 1)}");
            Console.Error.WriteLine("a warning");
            var folder = Directory.CreateDirectory(arguments.Text("log_dir", "")).FullName;
            File.WriteAllText(Path.Combine(folder, "result.txt"), "42");
            """);

        var job = await workspace.SubmitAsync(workspace.Spec("job", ("epochs", "7")));
        var log = new StringWriter();
        await job.WaitAsync(log, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Equal("V0001", job.Version);
        Assert.Equal($"data at s3://bucket/datasets/, epochs 7{Environment.NewLine}a warning{Environment.NewLine}", log.ToString());
        Assert.Equal("42", await workspace.Store.GetTextAsync(job.OutputUrl / "run/result.txt"));
        Assert.Equal(File.ReadAllText(job.LogFile), await workspace.Store.GetTextAsync(job.OutputUrl / "worker-0.log"));
        Assert.Contains(
            "\"completed\"",
            await workspace.Store.GetTextAsync(job.OutputUrl / "job.json"),
            StringComparison.OrdinalIgnoreCase);
        Assert.Equal(
            ["created",
                "[worker-0][Duration: #s] code downloaded",
                "[worker-0][Duration: #s] boot file compiled",
                "[worker-0] running s3://bucket/codes/boot.cs",
                "[worker-0][Duration: #s] boot file ended",
                "[worker-0][Duration: #s] outputs uploaded",
                "completed"],
            job.Events.Select(happening => System.Text.RegularExpressions.Regex.Replace(happening.Message, @"\d+\.\ds", "#s")));
    }

    [Fact]
    public async Task Job_WhoseProgramThrows_HasFailedAndTheErrorQuotesTheLog()
    {
        await using var workspace = await JobWorkspace.CreateAsync("throw new InvalidOperationException(\"no pixels today\");");

        var job = await workspace.SubmitAsync();
        var error = await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Contains("job V0001 failed (exit code 1)", error.Message, StringComparison.Ordinal);
        Assert.Contains("no pixels today", error.Message, StringComparison.Ordinal);
        Assert.Contains("boot.cs:line 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_WhoseBootFileDoesNotCompile_HasFailedAndNamesTheLine()
    {
        await using var workspace = await JobWorkspace.CreateAsync("int wrong = \"text\";");

        var job = await workspace.SubmitAsync();
        var error = await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Contains("boot.cs(1,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_WhileItRuns_IsFoundByItsNameAndUploadsItsLog()
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        var job = await workspace.SubmitAsync();
        await JobWorkspace.WaitForLineAsync(job, "waiting");

        var found = new TrainingJobs(workspace.Workspace).Find("job");

        Assert.Equal(JobStatus.Running, found.Status);
        Assert.Equal(job.OutputUrl, found.OutputUrl);
        Assert.Equal(job.Spec.ToString(), found.Spec.ToString());
        Assert.Equal([new LogLine(1, "waiting")], found.SearchLog("WAIT"));
        // The log appears in the store before the job has ended; otherwise, the timeout of the test ends the wait.
        while (await workspace.Store.HeadAsync(job.OutputUrl / "worker-0.log") is not { Length: > 0 }) await Task.Yield();
    }

    [Fact]
    public async Task Stop_OfARunningJob_EndsItAsTerminated()
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        var job = await workspace.SubmitAsync();
        await JobWorkspace.WaitForLineAsync(job, "waiting");
        using var worker = workspace.WorkerOf(job);

        await job.StopAsync();

        Assert.Equal(JobStatus.Terminated, job.Status);
        await worker.WaitForExitAsync();
        Assert.Contains(
            "was stopped",
            (await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync())).Message,
            StringComparison.Ordinal);
        await job.StopAsync();
        Assert.Equal(JobStatus.Terminated, job.Status);
    }

    [Fact]
    public async Task Job_WithATimeLimit_StopsByItself()
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);

        var job = await workspace.SubmitAsync(workspace.Spec() with { MaxDuration = TimeSpan.FromMilliseconds(50) });
        await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal(JobStatus.Terminated, job.Status);
        Assert.Contains(job.Events, happening => happening.Message.StartsWith("stopping, after 00:00:00.05", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Job_WhoseProcessIsKilled_IsAbnormalForEverybody()
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        var job = await workspace.SubmitAsync();
        await JobWorkspace.WaitForLineAsync(job, "waiting");
        using var worker = workspace.WorkerOf(job);

        worker.Kill();
        await worker.WaitForExitAsync();

        Assert.Equal(JobStatus.Abnormal, workspace.Jobs.Find("job").Status);
        Assert.Equal(JobStatus.Abnormal, job.Status);
        Assert.StartsWith("abnormal", job.Events[^1].Message, StringComparison.Ordinal);
        Assert.Contains(
            "the process of worker-0 is gone",
            (await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_WhoseSubmitterIsKilled_GoesOn()
    {
        await using var workspace = await JobWorkspace.CreateAsync(
            """
            Console.WriteLine("waiting");
            var go = Path.Combine(Environment.GetEnvironmentVariable("MNISTLAB_HOME")!, "go");
            while (!File.Exists(go)) await Task.Delay(20);
            """);
        using var submitter = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "MnistLab.TrainingProgram.dll"), "submit", workspace.Bucket.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            Environment = { [Workspace.HomeVariable] = workspace.Workspace.Root },
        })!;
        Assert.Equal("submitted", await submitter.StandardOutput.ReadLineAsync());
        var job = workspace.Jobs.Find("job");
        await JobWorkspace.WaitForLineAsync(job, "waiting");

        submitter.Kill(entireProcessTree: false);
        await submitter.WaitForExitAsync();
        File.WriteAllText(workspace["go"], "");
        await job.WaitAsync();

        Assert.Equal(JobStatus.Completed, job.Status);
    }

    [Fact]
    public async Task Jobs_MoreThanMayRunAtOnce_WaitForTheirTurn()
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        var (first, second) = (await workspace.SubmitAsync(), await workspace.SubmitAsync(workspace.Spec("other")));
        await JobWorkspace.WaitForLineAsync(first, "waiting");
        await JobWorkspace.WaitForLineAsync(second, "waiting");

        var third = await workspace.SubmitAsync();
        await JobWorkspace.WaitForStatusAsync(third, JobStatus.Pending);
        Assert.Equal("V0002", third.Version);
        await first.StopAsync();
        await JobWorkspace.WaitForLineAsync(third, "waiting");

        Assert.Equal(JobStatus.Running, second.Status);
        Assert.Contains(third.Events, happening => happening.Message == "queued: 2 jobs are already running");
        Assert.Equal(["job V0002", "other V0001", "job V0001"], workspace.Jobs.All.Select(job => $"{job.Spec.JobName} {job.Version}"));
    }

    [Fact]
    public async Task Retry_OfAFailedJob_IsANewVersionThatBeginsAnew()
    {
        await using var workspace = await JobWorkspace.CreateAsync("throw new InvalidOperationException();");
        var job = await workspace.SubmitAsync();
        await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());
        await workspace.Store.PutTextAsync(workspace.Bucket / "codes/boot.cs", "Console.WriteLine(\"mended\");");

        var again = await workspace.Jobs.RetryAsync(job);
        await again.WaitAsync();

        Assert.Equal("V0002", again.Version);
        Assert.Equal("mended", again.TailLog().Single().Text);
        Assert.Equal(JobStatus.Failed, job.Status);
    }

    [Fact]
    public async Task Resume_OfAStoppedJob_EndsWithTheWeightsOfOneThatNeverStopped()
    {
        var real = Workspace.Find(AppContext.BaseDirectory);
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        await workspace.Store.UploadFolderAsync(Path.Combine(real.Root, "notebooks", "codes"), workspace.Bucket / "codes/");
        var spec = workspace.Spec(
            "job",
            ("model", "lenet"),
            ("batch_size", "20"),
            ("max_number_of_steps", "160"),
            ("save_model_steps", "10")) with
        { BootFileUrl = workspace.Bucket / "codes/train_mnist.cs" };
        var whole = await workspace.SubmitAsync(spec with { JobName = "whole", TrainUrl = workspace.Bucket / "log/whole/" });
        await whole.WaitAsync();

        var stopped = await workspace.SubmitAsync(spec);
        await JobWorkspace.WaitForLineAsync(stopped, "step: 20(");
        await stopped.StopAsync();
        var resumed = await workspace.Jobs.ResumeAsync(stopped);
        await resumed.WaitAsync();

        // It was asked to stop between two saves, and has saved a checkpoint at that step.
        Assert.Equal(JobStatus.Terminated, stopped.Status);
        Assert.Contains("resumes from", resumed.SearchLog("resumes from").Single().Text, StringComparison.Ordinal);
        Assert.Equal(
            await Sha256Async(workspace.Store, whole.OutputUrl / "model/weights.safetensors"),
            await Sha256Async(workspace.Store, resumed.OutputUrl / "model/weights.safetensors"));
        Assert.NotEmpty(resumed.Reports);
    }

    [Fact]
    public async Task Resume_WithoutACheckpoint_SaysToRetry()
    {
        await using var workspace = await JobWorkspace.CreateAsync("Console.WriteLine();");
        var job = await workspace.SubmitAsync();
        await job.WaitAsync();

        var error = await Assert.ThrowsAsync<TrainingJobException>(() => workspace.Jobs.ResumeAsync(job));

        Assert.Contains("left no checkpoint", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> Sha256Async(IObjectStore store, ObjectUrl url)
    {
        await using var content = await store.GetAsync(url);
        return Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(content));
    }
}
