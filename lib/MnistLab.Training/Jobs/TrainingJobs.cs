using System.Diagnostics;
using MnistLab.Data;
using MnistLab.Hosting;

namespace MnistLab.Training;

/// <summary>
/// Runs training jobs: each version of a job is a process of its own, the worker, which compiles and runs the boot
/// file.
/// </summary>
/// <param name="workspace">Where the store is, and where jobs keep their code, logs and checkpoints.</param>
/// <param name="time">The clock.</param>
/// <param name="simultaneousJobs">How many jobs of this workspace may run at once, at least 1; those that come later
/// wait.</param>
public sealed class TrainingJobs(Workspace workspace, TimeProvider? time = null, int simultaneousJobs = 2)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>
    /// Gets the jobs of this workspace, the newest first, those that other programs submitted included. A job whose
    /// record is damaged is listed by <see cref="Damaged"/>.
    /// </summary>
    public IReadOnlyList<TrainingJob> All
    {
        get
        {
            var jobs = new List<TrainingJob>();
            ReadAll(jobs.Add, _ => { });
            return [.. jobs.OrderByDescending(job => job.Created)];
        }
    }

    /// <summary>Gets the jobs of this workspace whose record is damaged, in the order of their names.</summary>
    public IReadOnlyList<DamagedJob> Damaged
    {
        get
        {
            var damaged = new List<DamagedJob>();
            ReadAll(_ => { }, damaged.Add);
            return damaged;
        }
    }

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
    /// Submits a job's form once more, as a new version that goes on from the newest checkpoint of the old one:
    /// weights, optimizer, schedule and random numbers.
    /// Its result is that of a job that was never interrupted.
    /// </summary>
    /// <exception cref="TrainingJobException">The job still runs, or has left no checkpoint.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public Task<TrainingJob> ResumeAsync(TrainingJob job, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!job.Status.IsFinal())
            throw new TrainingJobException($"{job} has not ended, and cannot be resumed. Stop it first.");
        if (!job.HasCheckpoint)
            throw new TrainingJobException($"{job} has left no checkpoint in {job.LogDir}. Retry it, which begins anew.");
        return SubmitAsync(job.Spec, job, cancellationToken);
    }

    /// <summary>
    /// Submits the job that a model came from once more, with every setting that its manifest records. Its code must
    /// be the same still; whether the data
    /// and the versions are, and the weights, tells <see cref="TrainingManifest.DifferencesFrom"/> of the new model's
    /// manifest.
    /// </summary>
    /// <param name="manifest">The model's manifest, from <see cref="ModelPackage.ReadManifestAsync"/>.</param>
    /// <param name="trainUrl">The training output location of the new job.</param>
    /// <param name="cancellationToken">Ends the submission.</param>
    /// <exception cref="TrainingJobException">The model did not come from a job, or its code has changed; the message
    /// names the file.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public async Task<TrainingJob> ReproduceAsync(
        TrainingManifest manifest, ObjectUrl trainUrl, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(trainUrl);
        if (manifest.Job is not { } origin)
        {
            throw new TrainingJobException(
                "The model did not come from a training job: its boot file ran by itself. "
                + "Run the boot file again, with the settings of the manifest.");
        }

        var bootFile = ObjectUrl.Parse(origin.BootFileUrl);
        var store = workspace.OpenStore();
        await JobPreflight.CheckSameCodeAsync(bootFile.Parent, manifest.Code, store, cancellationToken);
        var spec = new TrainingJobSpec
        {
            JobName = origin.JobName,
            JobDescription = $"reproduces {origin.JobName} {origin.Version}",
            AppUrl = ObjectUrl.Parse(origin.AppUrl),
            BootFileUrl = bootFile,
            DataUrl = ObjectUrl.Parse(origin.DataUrl),
            TrainUrl = trainUrl,
            Parameters = manifest.HyperParameters,
        };
        return await SubmitAsync(spec, cancellationToken);
    }

    /// <summary>
    /// Finds a job of this workspace, whoever submitted it, and whether that program still runs or not.
    /// </summary>
    /// <param name="jobName">The job's name.</param>
    /// <param name="version">The version, such as V0001; the newest if null.</param>
    /// <exception cref="TrainingJobException">There is none, or its record is damaged.</exception>
    public TrainingJob Find(string jobName, string? version = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(jobName);
        var folders = TrainingJobSpec.IsName(jobName) ? VersionsOf(Path.Combine(workspace.JobsFolder, jobName)) : [];
        var found = folders.FirstOrDefault(folder => version is null || Path.GetFileName(folder) == version)
            ?? throw new TrainingJobException(
                $"There is no job {(version is null ? jobName : $"{jobName} {version}")} in {workspace.JobsFolder}. "
                + "List the jobs with: jobs list");
        return new TrainingJob(new JobFolder(found), _time);
    }

    /// <summary>Finds the output of the newest version that left a whole model package.</summary>
    /// <param name="trainUrl">The training output location.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The prefix that holds <c>model/</c>, such as <c>s3://modelarts-example/log/V0002/</c>.</returns>
    /// <exception cref="TrainingJobException">No version did.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public async Task<ObjectUrl> LatestOutputAsync(ObjectUrl trainUrl, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(trainUrl);
        return await JobVersions.FindLastPackageAsync(workspace.OpenStore(), trainUrl, cancellationToken)
            ?? throw new TrainingJobException(
                $"There is no trained model in {trainUrl}. Train one first: run notebook 2.");
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
        NumberRange.RequireAtLeast(simultaneousJobs, 1);
        spec.Validate();
        var store = workspace.OpenStore();
        var sources = await JobPreflight.CheckAsync(spec, store, cancellationToken);

        var last = await JobVersions.FindLastAsync(store, spec.TrainUrl, cancellationToken);
        var (folder, version) = TakeVersion(spec.JobName, last);
        try
        {
            var record = JobRecord.Of(spec, version, _time.GetUtcNow()) with
            {
                ResumesVersion = resumed?.Version,
                SimultaneousJobs = simultaneousJobs,
                Sources = sources,
            };
            if (resumed is not null) Copy(resumed.Folder.Run, folder.Run);
            folder.Write(record);
            folder.AddEvent(_time, resumed is null ? "created" : $"created, to go on from {resumed.Version}");
            // The record in the store takes the version: the next submission counts from it, whatever becomes of this
            // one.
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
            var version = JobVersions.Format(++last);
            if (JobFolder.TryCreate(Path.Combine(workspace.JobsFolder, jobName, version)) is { } folder) return (folder, version);
        }
    }

    private void ReadAll(Action<TrainingJob> onJob, Action<DamagedJob> onDamaged)
    {
        if (!Directory.Exists(workspace.JobsFolder)) return;
        foreach (var name in Directory.EnumerateDirectories(workspace.JobsFolder).Order(StringComparer.Ordinal))
        {
            foreach (var folder in VersionsOf(name))
            {
                try
                {
                    onJob(new TrainingJob(new JobFolder(folder), _time));
                }
                catch (TrainingJobException error)
                {
                    onDamaged(new DamagedJob(Path.GetFileName(name), Path.GetFileName(folder), error.Message));
                }
            }
        }
    }

    // The newest first. A version that has no record is just being submitted.
    private static IReadOnlyList<string> VersionsOf(string jobFolder) => !Directory.Exists(jobFolder) ? [] :
    [
        .. Directory.EnumerateDirectories(jobFolder)
            .Where(folder => File.Exists(Path.Combine(folder, JobRecord.FileName)))
            .Select(folder => (Folder: folder, Number: JobVersions.Parse(Path.GetFileName(folder))))
            .Where(version => version.Number is not null)
            .OrderByDescending(version => version.Number)
            .Select(version => version.Folder),
    ];

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
