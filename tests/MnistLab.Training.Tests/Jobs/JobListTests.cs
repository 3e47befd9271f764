using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training.Jobs;

namespace MnistLab.Training.Tests;

/// <summary>Tests that listing jobs changes nothing, and that damaged or foreign entries do not prevent it.</summary>
public sealed class JobListTests
{
    private const string Returns = "Console.WriteLine(\"done\");";

    [Theory]
    [InlineData("")]
    [InlineData("{ not json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"version\":\"V0001\",\"train_url\":\"no address\",\"job_name\":\"bad\"}")]
    public async Task List_WithADamagedRecord_HasTheOthersAndNamesTheDamagedOne(string content)
    {
        await using var workspace = await JobWorkspace.CreateAsync(Returns);
        await (await workspace.SubmitAsync()).WaitAsync();
        var bad = Directory.CreateDirectory(Path.Combine(workspace.Workspace.JobsFolder, "bad", "V0001"));
        File.WriteAllText(Path.Combine(bad.FullName, "job.json"), content);

        Assert.Equal(["job V0001: Completed"], workspace.Jobs.All.Select(job => job.ToString()));
        Assert.Equal("job", workspace.Jobs.Find("job").Spec.JobName);
        var error = Assert.Throws<TrainingJobException>(() => workspace.Jobs.Find("bad"));
        Assert.Contains(bad.FullName, error.Message, StringComparison.Ordinal);
        var damaged = Assert.Single(workspace.Jobs.Damaged);
        Assert.Equal(("bad", "V0001"), (damaged.JobName, damaged.Version));
        Assert.Contains("job.json cannot be read", damaged.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfAJobWhoseWorkerIsGone_WritesNothing()
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        var job = await workspace.SubmitAsync();
        await JobWorkspace.WaitForLineAsync(job, "waiting");
        using (var worker = workspace.WorkerOf(job))
        {
            worker.Kill();
            await worker.WaitForExitAsync();
        }

        var folder = Path.GetDirectoryName(job.LogFile)!;
        // The lock file is missing, as after a restart of the machine.
        File.Delete(Path.Combine(folder, "worker.lock"));
        var before = Snapshot(folder);
        var found = workspace.Jobs.All.Single();

        Assert.Equal("job V0001: Abnormal", found.ToString());
        const string WorkerIsGone = "abnormal: the process of worker-0 is gone";
        Assert.StartsWith(WorkerIsGone, found.Events[^1].Message, StringComparison.Ordinal);
        Assert.Equal(found.Duration, found.Duration);
        Assert.Equal(before, Snapshot(folder));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../jobs")]
    [InlineData("no such job")]
    public async Task Find_WithWhatIsNoName_SaysThatThereIsNone(string name)
    {
        await using var workspace = await JobWorkspace.CreateAsync(Returns);

        var error = Assert.Throws<TrainingJobException>(() => workspace.Jobs.Find(name));
        Assert.StartsWith($"There is no job {name} in ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LastVersion_OfAnOutputLocation_IsFoundByNamesAlone()
    {
        using var folder = new TemporaryFolder();
        var cancellationToken = TestContext.Current.CancellationToken;
        var whole = new FolderObjectStore(folder["store"]);
        await whole.CreateBucketAsync("bucket", cancellationToken);
        var (log, none) = (ObjectUrl.Parse("s3://bucket/log/"), ObjectUrl.Parse("s3://bucket/none/"));
        string[] packages = ["V0001/model/config.json", "V0010/model/config.json"];
        string[] others = ["V0009/job.json", "V0010/run/a", "V0011/model/model.onnx", "V12/x", "notes.txt"];
        foreach (var key in packages.Concat(others)) await whole.PutTextAsync(log / key, "{}", cancellationToken);
        var store = ListingStore.Of(whole);

        Assert.Equal(11, await JobVersions.FindLastAsync(store, log, cancellationToken));
        Assert.Equal(log / "V0010/", await JobVersions.FindLastPackageAsync(store, log, cancellationToken));
        Assert.Equal(0, await JobVersions.FindLastAsync(store, none, cancellationToken));
        Assert.Null(await JobVersions.FindLastPackageAsync(store, none, cancellationToken));
    }

    [Fact]
    public async Task Stop_WithARecordOfAProcessNumberInUseByAnother_LeavesThatOneAlone()
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        var job = await workspace.SubmitAsync();
        await JobWorkspace.WaitForLineAsync(job, "waiting");
        var folder = Path.GetDirectoryName(job.LogFile)!;
        using (var worker = workspace.WorkerOf(job))
        {
            worker.Kill();
            await worker.WaitForExitAsync();
        }

        // The process ID of the worker now belongs to another program, and a reader is checking whether the worker is
        // alive.
        using var other = await StartWaitingAsync();
        var record = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "job.json")))!;
        record["process_id"] = other.Id;
        File.WriteAllText(Path.Combine(folder, "job.json"), record.ToJsonString());
        var lockFile = Path.Combine(folder, "worker.lock");
        using (new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var found = new TrainingJobs(workspace.Workspace, new HurriedTime()).Find("job");
            var error = await Assert.ThrowsAsync<TrainingJobException>(() => found.StopAsync(TestContext.Current.CancellationToken));
            Assert.Contains("does not stop", error.Message, StringComparison.Ordinal);
        }

        Assert.False(other.HasExited);
        other.StandardInput.Close();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, other.ExitCode);
    }

    [Fact]
    public async Task Messages_InAnyCulture_AreTheSame()
    {
        var culture = CultureInfo.CurrentCulture;
        // A culture whose digit grouping uses a point, and whose minus sign differs.
        CultureInfo.CurrentCulture = new CultureInfo("de-DE") { NumberFormat = { NegativeSign = "−" } };
        try
        {
            await using var workspace = await JobWorkspace.CreateAsync(Returns);
            var (few, tooMuch) = (workspace.Spec() with { WorkerCount = -2 }, new MemoryStream(new byte[(10 << 20) + 1]));
            var error = await Assert.ThrowsAsync<TrainingJobException>(() => workspace.Jobs.SubmitAsync(few));
            Assert.Contains("worker_server_num -2 is", error.Message, StringComparison.Ordinal);
            await workspace.Store.PutAsync(workspace.Bucket / "codes/data.bin", tooMuch);
            error = await Assert.ThrowsAsync<TrainingJobException>(() => workspace.Jobs.SubmitAsync(workspace.Spec()));
            Assert.Contains("the maximum for a code directory is 10,485,760.", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static string Snapshot(string folder) => string.Join(
        '\n',
        Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => (path, length: File.Exists(path) ? new FileInfo(path).Length : 0))
            .Select(file => FormattableString.Invariant($"{file.path} {File.GetLastWriteTimeUtc(file.path):O} {file.length}")));

    /// <summary>Starts a program that waits for the end of its standard input.</summary>
    private static async Task<Process> StartWaitingAsync()
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "MnistLab.TrainingProgram.dll"), "wait"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return process;
    }

    /// <summary>Represents a clock on which minutes pass between two readings.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => 20 * Interlocked.Increment(ref _looks);
    }
}
