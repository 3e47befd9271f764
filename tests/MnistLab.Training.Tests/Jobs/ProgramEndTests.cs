using System.Diagnostics;
using System.Globalization;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Testing;
using MnistLab.Training.Jobs;

namespace MnistLab.Training.Tests;

/// <summary>
/// Tests boot files that end other than by returning, and machines that fail: the job reports why it ended, and its
/// outputs are uploaded.
/// </summary>
public sealed class ProgramEndTests
{
    private const string WritesNowhere = "System.Runtime.InteropServices.Marshal.WriteInt32(new IntPtr(1 << 20), 1);";
    private const string CallsItselfForever = "Deeper(1); static int Deeper(int depth) => Deeper(depth + 1) + Deeper(depth + 2);";
    private const string KillsItself = "System.Diagnostics.Process.GetCurrentProcess().Kill(); Thread.Sleep(-1);";
    private const string AbortsInNativeCode =
        """
        Abort();
        [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "abort")] static extern void Abort();
        """;

    private const string TellsItsProcess = "Console.WriteLine($\"process {Environment.ProcessId}\");\n";

    private const string WritesAResult =
        """
        var arguments = new MnistLab.Training.Jobs.JobArguments(args);
        var folder = Directory.CreateDirectory(arguments.Text("log_dir", "")).FullName;
        File.WriteAllText(Path.Combine(folder, "result.txt"), "42");
        Console.WriteLine("the last words");

        """;

    [Fact]
    public async Task Job_WhoseProgramExits_HasFailedWithItsExitCode()
    {
        await using var workspace = await JobWorkspace.CreateAsync(WritesAResult + "Environment.Exit(3);");

        await AssertFailedAsync(workspace, "failed (exit code 3)", 3);
    }

    [Fact]
    public async Task Job_WhoseProgramExitsWithZero_IsCompleted()
    {
        await using var workspace = await JobWorkspace.CreateAsync(WritesAResult + "Environment.Exit(0);");

        var job = await workspace.SubmitAsync();
        await job.WaitAsync();

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Equal("42", await workspace.Store.GetTextAsync(job.OutputUrl / "run/result.txt"));
    }

    [Theory]
    [InlineData("Environment.FailFast(\"the weights are gone\");", "signal 6, SIGABRT", 134, "the weights are gone")]
    [InlineData(WritesNowhere, "signal 6, SIGABRT", 134, "AccessViolationException")]
    [InlineData(CallsItselfForever, "signal 6, SIGABRT", 134, "Stack overflow")]
    [InlineData(KillsItself, "signal 9, SIGKILL", 137, "the last words")]
    [InlineData(AbortsInNativeCode, "signal 6, SIGABRT", 134, "the last words")]
    public async Task Job_WhoseProgramCrashes_HasFailedWithTheSignal(string crash, string signal, int exitCode, string lastWords)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using var workspace = await JobWorkspace.CreateAsync(WritesAResult + crash);

        var job = await AssertFailedAsync(workspace, $"failed (exit code {exitCode}: {signal}", exitCode);

        Assert.NotEmpty(job.SearchLog(lastWords));
        Assert.Contains(job.Events, happening => happening.Message.Contains(signal, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Job_WithAnExceptionOnAnotherThread_HasFailedAndTheLogTellsWhere()
    {
        await using var workspace = await JobWorkspace.CreateAsync(
            WritesAResult + "new Thread(() => throw new Exception(\"thrown in the background\")).Start(); Thread.Sleep(-1);");

        var exitCode = OperatingSystem.IsWindows() ? unchecked((int)0xE0434352) : 134;
        var job = await AssertFailedAsync(workspace, "failed (exit code", exitCode);

        Assert.NotEmpty(job.SearchLog("thrown in the background"));
        Assert.NotEmpty(job.SearchLog("boot.cs:line"));
    }

    [Fact]
    public async Task Job_WithOutputsThatTheStoreRefuses_HasFailedAndTellsWhereTheyAre()
    {
        await using var workspace = await JobWorkspace.CreateAsync(WritesAResult + JobWorkspace.Waits);
        var job = await workspace.SubmitAsync();
        await JobWorkspace.WaitForLineAsync(job, "waiting");

        // A file in the place where the store needs a folder.
        var bucket = Path.Combine(workspace.Workspace.ObjectStoreFolder, workspace.Bucket.Bucket);
        Directory.Delete(bucket, recursive: true);
        File.WriteAllText(bucket, "");
        await job.StopAsync();

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Contains("outputs could not be uploaded", job.Reason, StringComparison.Ordinal);
        var line = Assert.Single(job.SearchLog("The outputs could not be uploaded")).Text;
        Assert.EndsWith($"They are in {Path.GetDirectoryName(job.LogFile)}.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_OnAFullDisk_HasFailedWithTheReason()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A small disk is made as Linux makes one.");
        var unshare = InstalledProgram.Require("unshare");
        using var folder = new TemporaryFolder();
        var program = Path.Combine(AppContext.BaseDirectory, "MnistLab.TrainingProgram.dll");

        // A disk of 24 MB in a separate namespace, which the boot file fills.
        var mount = $"mount -t tmpfs -o size=24m tmpfs '{folder.Path}'";
        string[] arguments = ["--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            $"{mount} && exec dotnet '{program}' fill-disk '{folder.Path}'"];
        using var process = Process.Start(new ProcessStartInfo(unshare, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MNISTLAB_SAMPLE"] = Workspace.Find(AppContext.BaseDirectory).SampleFolder },
        })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (output.Length == 0 && (await errors).StartsWith("unshare", StringComparison.Ordinal))
            Assert.Skip($"Namespaces are not permitted here: {await errors}");

        Assert.StartsWith("Failed: the outputs could not be uploaded: ", output, StringComparison.Ordinal);
        Assert.Contains("No space left on device", output, StringComparison.Ordinal);
        var lastEvent = output.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("failed: the outputs could not be uploaded: ", lastEvent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_WhoseWorkerIsKilled_EndsItsProgramToo()
    {
        await using var workspace = await JobWorkspace.CreateAsync(TellsItsProcess + "Thread.Sleep(-1);");
        var job = await workspace.SubmitAsync();
        await JobWorkspace.WaitForLineAsync(job, "process ");
        var id = job.TailLog().Single().Text["process ".Length..];
        using var program = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        using var worker = workspace.WorkerOf(job);

        Assert.NotEqual(worker.Id, program.Id);
        worker.Kill();
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(JobStatus.Abnormal, job.Status);
        Assert.Contains("the process of worker-0 is gone", job.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task Job_WhoseFolderIsDeleted_EndsItsProcesses()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps a folder whose files are open.");
        await using var workspace = await JobWorkspace.CreateAsync(TellsItsProcess + "Thread.Sleep(-1);");
        // Submitted directly, because the workspace stops the jobs that it has submitted at its own end.
        var job = await workspace.Jobs.SubmitAsync(workspace.Spec(), TestContext.Current.CancellationToken);
        await JobWorkspace.WaitForLineAsync(job, "process ");
        var id = job.TailLog().Single().Text["process ".Length..];
        using var program = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        using var worker = workspace.WorkerOf(job);

        try
        {
            FolderInUse.Delete(workspace.Workspace.JobsFolder);

            await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
            await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            worker.Kill();
        }

        Assert.Empty(workspace.Jobs.All);
    }

    [Fact]
    public async Task Job_WhoseProgramGetsTheSignalToTerminate_IsStopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using var workspace = await JobWorkspace.CreateAsync(TellsItsProcess + JobWorkspace.Waits);
        var job = await workspace.SubmitAsync();
        await JobWorkspace.WaitForLineAsync(job, "waiting");

        using var kill = Process.Start("kill", ["-TERM", job.TailLog()[0].Text["process ".Length..]]);
        await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal(JobStatus.Terminated, job.Status);
    }

    private static async Task<TrainingJob> AssertFailedAsync(JobWorkspace workspace, string message, int exitCode)
    {
        var job = await workspace.SubmitAsync();
        var error = await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(exitCode, job.ExitCode);
        Assert.NotEmpty(job.SearchLog("the last words"));
        Assert.Equal("42", await workspace.Store.GetTextAsync(job.OutputUrl / "run/result.txt"));
        var (log, record) = (job.OutputUrl / "worker-0.log", job.OutputUrl / "job.json");
        Assert.Equal(File.ReadAllText(job.LogFile), await workspace.Store.GetTextAsync(log));
        Assert.Contains("\"Failed\"", await workspace.Store.GetTextAsync(record), StringComparison.Ordinal);
        return job;
    }
}
