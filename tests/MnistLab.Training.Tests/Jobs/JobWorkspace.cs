using System.Text.Json.Nodes;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Testing;
using MnistLab.Training.Jobs;

namespace MnistLab.Training.Tests;

/// <summary>
/// Represents the separate workspace of one test, with the sample in its bucket, and boot files as short as the tests
/// need them.
/// </summary>
internal sealed class JobWorkspace : IAsyncDisposable
{
    /// <summary>A boot file that runs until the job is asked to stop.</summary>
    public const string Waits =
        """
        Console.WriteLine("waiting");
        MnistLab.Training.JobEnvironment.Stopping.WaitHandle.WaitOne();
        MnistLab.Training.JobEnvironment.Stopping.ThrowIfCancellationRequested();
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<TrainingJob> _submitted = [];

    private JobWorkspace()
    {
        File.WriteAllText(_folder["MnistLab.slnx"], "<Solution />");
        Workspace = Workspace.Find(_folder.Path);
        Jobs = new TrainingJobs(Workspace);
    }

    public Workspace Workspace { get; }

    public TrainingJobs Jobs { get; }

    public IObjectStore Store => Workspace.OpenStore();

    public ObjectUrl Bucket { get; } = ObjectUrl.Parse("s3://bucket/");

    public string this[string name] => _folder[name];

    /// <summary>Creates a workspace whose bucket contains the sample and one boot file.</summary>
    public static async Task<JobWorkspace> CreateAsync(string bootFile)
    {
        var workspace = new JobWorkspace();
        await workspace.Store.CreateBucketAsync(workspace.Bucket.Bucket);
        await workspace.Store.UploadFolderAsync(Workspace.Find(AppContext.BaseDirectory).SampleFolder, workspace.Bucket / "datasets/");
        await workspace.Store.PutTextAsync(workspace.Bucket / "codes/boot.cs", bootFile);
        return workspace;
    }

    /// <summary>Returns the specification of a job that runs the boot file.</summary>
    public TrainingJobSpec Spec(string name = "job", params (string Name, string Value)[] parameters) => new()
    {
        JobName = name,
        AppUrl = Bucket / "codes/",
        BootFileUrl = Bucket / "codes/boot.cs",
        DataUrl = Bucket / "datasets/",
        TrainUrl = Bucket / $"log/{name}/",
        Parameters = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value),
    };

    /// <summary>Submits a job, which is stopped at the end of the test if it is still running.</summary>
    public async Task<TrainingJob> SubmitAsync(TrainingJobSpec? spec = null)
    {
        var job = await Jobs.SubmitAsync(spec ?? Spec());
        _submitted.Add(job);
        return job;
    }

    /// <summary>Follows the log of a job until it contains a line; fails if the job ends first.</summary>
    public static async Task WaitForLineAsync(TrainingJob job, string text)
    {
        using var enough = new CancellationTokenSource();
        var log = new LineWatch(text, enough);
        try
        {
            await job.WaitAsync(log, cancellationToken: enough.Token);
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            return;
        }

        Assert.True(enough.IsCancellationRequested, $"{job} has ended without the line '{text}'.");
    }

    /// <summary>Waits until a job has a status; fails if the job ends with another one.</summary>
    public static async Task WaitForStatusAsync(TrainingJob job, JobStatus wanted)
    {
        while (job.Status != wanted)
        {
            Assert.False(job.Status.IsFinal() && job.Status != wanted, $"{job}, and not {wanted}.");
            await Task.Yield();
        }
    }

    /// <summary>Returns the process of the worker.</summary>
    public System.Diagnostics.Process WorkerOf(TrainingJob job)
    {
        var record = JsonNode.Parse(File.ReadAllText(Path.Combine(Workspace.JobsFolder, job.Spec.JobName, job.Version, "job.json")))!;
        return System.Diagnostics.Process.GetProcessById((int)record["process_id"]!);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var job in _submitted) await job.StopAsync();
        _folder.Dispose();
    }

    private sealed class LineWatch(string text, CancellationTokenSource found) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            if (value!.Contains(text, StringComparison.Ordinal)) found.Cancel();
        }
    }
}
