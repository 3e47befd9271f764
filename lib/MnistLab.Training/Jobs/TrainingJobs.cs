using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MnistLab.Data;

namespace MnistLab.Training;

/// <summary>Runs training jobs: each version of a job is a process of its own, the worker, which compiles and runs the boot file.</summary>
/// <param name="workspace">Where the store is, and where jobs keep their code, logs and checkpoints.</param>
/// <param name="time">The clock.</param>
/// <param name="simultaneousJobs">How many jobs of this workspace may run at once, at least 1; those that come later wait.</param>
public sealed partial class TrainingJobs(Workspace workspace, TimeProvider? time = null, int simultaneousJobs = 2)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The jobs of this workspace, the newest first; those that other programs submitted, too.</summary>
    public IReadOnlyList<TrainingJob> All => !Directory.Exists(workspace.JobsFolder) ? [] :
    [
        .. Directory.EnumerateDirectories(workspace.JobsFolder).SelectMany(Directory.EnumerateDirectories)
            .Where(folder => File.Exists(Path.Combine(folder, JobRecord.FileName)))
            .OrderByDescending(folder => JobRecord.Read(folder).Created)
            .Select(folder => new TrainingJob(new JobFolder(folder), _time)),
    ];

    /// <summary>Checks a job's form, gives it the next free version and starts its worker.</summary>
    /// <exception cref="TrainingJobException">A field is wrong; the message names it.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public Task<TrainingJob> SubmitAsync(TrainingJobSpec spec, CancellationToken cancellationToken = default) => SubmitAsync(spec, null, cancellationToken);

    /// <summary>Submits a job's form once more, as a new version that begins anew.</summary>
    /// <exception cref="TrainingJobException">A field has become wrong; the message names it.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public Task<TrainingJob> RetryAsync(TrainingJob job, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        return SubmitAsync(job.Spec, null, cancellationToken);
    }

    /// <summary>
    /// Submits a job's form once more, as a new version that goes on from the newest checkpoint of the old one: weights, optimizer, schedule and random numbers.
    /// Its result is that of a job that was never interrupted.
    /// </summary>
    /// <exception cref="TrainingJobException">The job still runs, or has left no checkpoint.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public Task<TrainingJob> ResumeAsync(TrainingJob job, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!job.Phase.IsFinal())
            throw new TrainingJobException($"{job} has not ended, and cannot be resumed. Stop it first.");
        if (!job.HasCheckpoint)
            throw new TrainingJobException($"{job} has left no checkpoint in {job.LogDir}. Retry it, which begins anew.");
        return SubmitAsync(job.Spec, job, cancellationToken);
    }

    /// <summary>A job of this workspace, whoever submitted it, and whether that program still runs or not.</summary>
    /// <param name="jobName">The job's name.</param>
    /// <param name="version">The version, such as V0001; the newest if null.</param>
    /// <exception cref="TrainingJobException">There is none.</exception>
    public TrainingJob Find(string jobName, string? version = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(jobName);
        return All.FirstOrDefault(job => job.Spec.JobName == jobName && (version is null || job.Version == version))
            ?? throw new TrainingJobException($"There is no job {(version is null ? jobName : $"{jobName} {version}")} in {workspace.JobsFolder}. jobs list shows those that there are.");
    }

    /// <summary>The output of the newest version that left a whole model package.</summary>
    /// <param name="trainUrl">The training output location.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The prefix that holds <c>model/</c>, such as <c>s3://modelarts-example/log/V0002/</c>.</returns>
    /// <exception cref="TrainingJobException">No version did.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public async Task<ObjectUrl> LatestOutputAsync(ObjectUrl trainUrl, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(trainUrl);
        var latest = (Number: 0, Output: (ObjectUrl?)null);
        await foreach (var found in workspace.OpenStore().ListAsync(trainUrl.AsPrefix(), cancellationToken))
        {
            var key = trainUrl.RelativeKeyOf(found.Url);
            if (key.EndsWith($"/{ModelPackage.FolderName}{ModelPackage.ConfigurationName}", StringComparison.Ordinal) && NumberOf(key) is { } number && number > latest.Number)
                latest = (number, found.Url.Parent.Parent);
        }

        return latest.Output ?? throw new TrainingJobException($"There is no trained model in {trainUrl}. Train one first: run notebook 2.");
    }

    /// <summary>The hash of the code and the data that a job would have now; its form and both are checked.</summary>
    internal async Task<string> SourcesOfAsync(TrainingJobSpec spec, CancellationToken cancellationToken)
    {
        spec.Validate();
        return await JobPreflight.CheckAsync(spec, workspace.OpenStore(), cancellationToken);
    }

    private async Task<TrainingJob> SubmitAsync(TrainingJobSpec spec, TrainingJob? resumed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(simultaneousJobs, 1);
        spec.Validate();
        var store = workspace.OpenStore();
        var sources = await JobPreflight.CheckAsync(spec, store, cancellationToken);

        var (folder, version) = TakeVersion(spec.JobName, await LastVersionAsync(store, spec.TrainUrl, cancellationToken));
        try
        {
            var record = JobRecord.Of(spec, version, _time.GetUtcNow()) with { ResumesVersion = resumed?.Version, SimultaneousJobs = simultaneousJobs, Sources = sources };
            if (resumed is not null) Copy(resumed.Folder.Run, folder.Run);
            folder.Write(record);
            folder.AddEvent(_time, resumed is null ? "created" : $"created, to go on from {resumed.Version}");
            // The record in the store takes the version: the next submission counts from it, whatever becomes of this one.
            await store.PutTextAsync(record.OutputUrl / JobRecord.FileName, record.ToJson(), cancellationToken);
            return new TrainingJob(folder, _time, Start(folder));
        }
        catch
        {
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }
    }

    private Process Start(JobFolder folder)
    {
        // The worker keeps its log itself, and does not depend on who reads its output, or whether anybody does.
        var start = new ProcessStartInfo(DotnetHost.Path, [typeof(TrainingJob).Assembly.Location, Worker.Command, folder.Path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        start.Environment[Workspace.HomeVariable] = workspace.Root;
        var process = Process.Start(start) ?? throw new TrainingJobException($"The worker in {folder.Path} could not be started with {DotnetHost.Path}.");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    // Somebody else may submit at the same time: who makes the folder has the version.
    private (JobFolder Folder, string Version) TakeVersion(string jobName, int last)
    {
        while (true)
        {
            var version = string.Create(CultureInfo.InvariantCulture, $"V{++last:D4}");
            if (JobFolder.TryCreate(Path.Combine(workspace.JobsFolder, jobName, version)) is { } folder) return (folder, version);
        }
    }

    private static async Task<int> LastVersionAsync(IObjectStore store, ObjectUrl trainUrl, CancellationToken cancellationToken)
    {
        var last = 0;
        await foreach (var found in store.ListAsync(trainUrl.AsPrefix(), cancellationToken))
        {
            last = Math.Max(last, NumberOf(trainUrl.RelativeKeyOf(found.Url)) ?? 0);
        }

        return last;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static int? NumberOf(string key) => Version().Match(key) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"\AV(\d{4,9})/")]
    private static partial Regex Version();
}
