using MnistLab.Data.Workspaces;
using MnistLab.Hosting;
using MnistLab.Storage;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Runs training jobs. Each version of a job runs in its own supervising process, which starts the process that
/// compiles and runs the boot file.
/// </summary>
/// <param name="workspace">
/// The workspace, which defines the store and the folder for the code, logs, and checkpoints of jobs.
/// </param>
/// <param name="time">The clock.</param>
/// <param name="simultaneousJobs">
/// The maximum number of jobs of this workspace that run at once, at least 1; further jobs wait.
/// </param>
public sealed class TrainingJobs(Workspace workspace, TimeProvider? time = null, int simultaneousJobs = 2)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly JobLaunchers _launchers = new(workspace.Root, time ?? TimeProvider.System);

    /// <summary>
    /// Gets the jobs of this workspace, newest first, including those submitted by other programs. Jobs with a damaged
    /// record are listed by <see cref="Damaged"/> instead.
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

    /// <summary>Gets the jobs of this workspace whose record is damaged, sorted by name.</summary>
    public IReadOnlyList<DamagedJob> Damaged
    {
        get
        {
            var damaged = new List<DamagedJob>();
            ReadAll(_ => { }, damaged.Add);
            return damaged;
        }
    }

    /// <summary>Validates the specification of a job, assigns the next free version, and starts the job.</summary>
    /// <exception cref="TrainingJobException">A field is not valid; the message names it.</exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    public Task<TrainingJob> SubmitAsync(TrainingJobSpec spec, CancellationToken cancellationToken = default) =>
        SubmitAsync(spec, null, cancellationToken);

    /// <summary>Submits the specification of a job again, as a new version that starts from the beginning.</summary>
    /// <exception cref="TrainingJobException">A field is no longer valid; the message names it.</exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    public Task<TrainingJob> RetryAsync(TrainingJob job, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        return SubmitAsync(job.Spec, null, cancellationToken);
    }

    /// <summary>
    /// Submits the specification of a job again, as a new version that resumes from the newest checkpoint of the old
    /// one: weights, optimizer state, learning-rate schedule, and random numbers. The result is the same as that of an
    /// uninterrupted job.
    /// </summary>
    /// <exception cref="TrainingJobException">The job has not ended, or it has no checkpoint.</exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    public Task<TrainingJob> ResumeAsync(TrainingJob job, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        return ResumeAsync(job, job.Spec.WorkerCount, cancellationToken);
    }

    /// <summary>
    /// Submits the specification of a job again, with a different number of workers, as a new version that resumes from
    /// the newest checkpoint of the old one. The result is the same as that of an uninterrupted job, except for
    /// rounding.
    /// </summary>
    /// <inheritdoc cref="ResumeAsync(TrainingJob, CancellationToken)"/>
    public Task<TrainingJob> ResumeAsync(TrainingJob job, int workerCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!job.Status.IsFinal())
            throw new TrainingJobException($"{job} has not ended, so it cannot be resumed. Stop it first.");
        if (!job.HasCheckpoint)
            throw new TrainingJobException($"{job} has left no checkpoint in {job.LogDir}. Retry it to train from the start.");
        var hostFile = workerCount > 1 ? job.Spec.HostFile : null;
        return SubmitAsync(job.Spec with { WorkerCount = workerCount, HostFile = hostFile }, job, cancellationToken);
    }

    /// <summary>
    /// Submits the job that trained a model again, with all settings recorded in its manifest. The code must be
    /// unchanged. To check whether the data, versions, and weights are also the same, compare the new model's manifest
    /// with <see cref="TrainingManifest.DifferencesFrom"/>.
    /// </summary>
    /// <param name="manifest">The model's manifest, from <see cref="ModelPackage.ReadManifestAsync"/>.</param>
    /// <param name="trainUrl">The training output location of the new job.</param>
    /// <param name="cancellationToken">A token to cancel the submission.</param>
    /// <exception cref="TrainingJobException">
    /// The model was not trained by a job, or its code has changed; in that case, the message names the file.
    /// </exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    public async Task<TrainingJob> ReproduceAsync(
        TrainingManifest manifest, ObjectUrl trainUrl, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(trainUrl);
        if (manifest.Job is not { } origin)
        {
            throw new TrainingJobException(
                "The model did not come from a training job: its boot file was run directly. "
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
            WorkerCount = origin.WorkerCount,
        };
        return await SubmitAsync(spec, cancellationToken);
    }

    /// <summary>
    /// Finds a job of this workspace, regardless of which program submitted it and whether that program is still
    /// running.
    /// </summary>
    /// <param name="jobName">The job's name.</param>
    /// <param name="version">The version, such as V0001; the newest if null.</param>
    /// <exception cref="TrainingJobException">There is no such job, or its record is damaged.</exception>
    public TrainingJob Find(string jobName, string? version = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(jobName);
        var folders = TrainingJobSpec.IsName(jobName) ? VersionsOf(Path.Combine(workspace.JobsFolder, jobName)) : [];
        var found = folders.FirstOrDefault(folder => version is null || Path.GetFileName(folder) == version)
            ?? throw new TrainingJobException(
                $"There is no job {(version is null ? jobName : $"{jobName} {version}")} in {workspace.JobsFolder}. "
                + "List the jobs with: jobs list");
        return Open(new JobFolder(found));
    }

    /// <summary>Finds the output location of the newest version that contains a complete model package.</summary>
    /// <param name="trainUrl">The training output location.</param>
    /// <param name="cancellationToken">A token to cancel the search.</param>
    /// <returns>The prefix that holds <c>model/</c>, such as <c>s3://modelarts-example/log/V0002/</c>.</returns>
    /// <exception cref="TrainingJobException">No version contains one.</exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    public async Task<ObjectUrl> LatestOutputAsync(ObjectUrl trainUrl, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(trainUrl);
        return await JobVersions.FindLastPackageAsync(workspace.OpenStore(), trainUrl, cancellationToken)
            ?? throw new TrainingJobException(
                $"There is no trained model in {trainUrl}. Train one first: run notebook 2.");
    }

    /// <summary>
    /// Validates the specification, code, and data of a job, and returns the current hash of its code and data.
    /// </summary>
    internal async Task<string> SourcesOfAsync(TrainingJobSpec spec, CancellationToken cancellationToken)
    {
        spec.Validate();
        return await JobPreflight.CheckAsync(spec, workspace.OpenStore(), cancellationToken);
    }

    /// <summary>Returns whether the launcher for a specification has its own queue.</summary>
    internal bool HasQueue(TrainingJobSpec spec) => _launchers.Choose(spec.Target, spec.WorkerCount).HasQueue;

    /// <summary>Submits several jobs together, each either new or resuming an earlier job.</summary>
    /// <param name="requests">
    /// The specifications, which differ only in their parameters, and for each the job to resume, or null.
    /// </param>
    /// <param name="cancellationToken">A token to cancel the submission.</param>
    /// <exception cref="TrainingJobException">
    /// A field is not valid; the message names it. No job was submitted.
    /// </exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed. No job was submitted.</exception>
    internal async Task<IReadOnlyList<TrainingJob>> SubmitAllAsync(
        IReadOnlyList<(TrainingJobSpec Spec, TrainingJob? Resumed)> requests, CancellationToken cancellationToken)
    {
        NumberRange.RequireAtLeast(simultaneousJobs, 1);
        var store = workspace.OpenStore();
        var created = new List<JobFolder>();
        try
        {
            foreach (var (spec, resumed) in requests)
                created.Add(await CreateAsync(spec, resumed, store, cancellationToken));
            var (target, workers) = (requests[0].Spec.Target, requests[0].Spec.WorkerCount);
            await _launchers.Choose(target, workers).StartAsync(created, cancellationToken);
            return [.. created.Select(Open)];
        }
        catch
        {
            foreach (var folder in created) Directory.Delete(folder.Path, recursive: true);
            throw;
        }
    }

    private TrainingJob Open(JobFolder folder) => new(folder, workspace, _launchers, _time);

    private async Task<TrainingJob> SubmitAsync(
        TrainingJobSpec spec, TrainingJob? resumed, CancellationToken cancellationToken) =>
        (await SubmitAllAsync([(spec, resumed)], cancellationToken))[0];

    /// <summary>
    /// Validates the specification of a job, and creates its folder and its record, which claims the version.
    /// </summary>
    private async Task<JobFolder> CreateAsync(
        TrainingJobSpec spec, TrainingJob? resumed, IObjectStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.HostFile is { } hostFile) spec = spec with { HostFile = Path.GetFullPath(hostFile) };
        spec.Validate();
        _launchers.Choose(spec.Target, spec.WorkerCount).Validate(spec);
        var sources = await JobPreflight.CheckAsync(spec, store, cancellationToken);

        var last = await JobVersions.FindLastAsync(store, spec.TrainUrl, cancellationToken);
        var (folder, version) = TakeVersion(spec.JobName, last);
        try
        {
            var record = JobRecord.From(spec, version, _time.GetUtcNow()) with
            {
                ResumesVersion = resumed?.Version,
                SimultaneousJobs = simultaneousJobs,
                Sources = sources,
            };
            if (resumed is not null) Copy(resumed.Folder.Run, folder.Run);
            folder.Write(record);
            folder.AddEvent(_time, resumed is null ? "created" : $"created to resume {resumed.Version}");
            // The record in the store claims the version: the next submission counts from it, even if this one fails.
            await store.PutTextAsync(record.OutputUrl / JobRecord.FileName, record.ToJson(), cancellationToken);
            return folder;
        }
        catch
        {
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }
    }

    // Another process may submit at the same time; the process that creates the folder gets the version.
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
                    onJob(Open(new JobFolder(folder)));
                }
                catch (TrainingJobException error)
                {
                    onDamaged(new DamagedJob(Path.GetFileName(name), Path.GetFileName(folder), error.Message));
                }
            }
        }
    }

    // Newest first. A version without a record is still being submitted, so it is skipped.
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
