using MnistLab.Data.Workspaces;
using MnistLab.Hosting;
using MnistLab.Storage;

namespace MnistLab.Training.Jobs;

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
    private readonly JobLaunchers _launchers = new(workspace.Root, time ?? TimeProvider.System);

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
    public Task<TrainingJob> SubmitAsync(TrainingJobSpec spec, CancellationToken cancellationToken = default) =>
        SubmitAsync(spec, null, cancellationToken);

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
        return ResumeAsync(job, job.Spec.WorkerCount, cancellationToken);
    }

    /// <summary>
    /// Submits a job's form once more, with another number of workers, as a new version that goes on from the newest
    /// checkpoint of the old one. Its result is that of a job that was never interrupted, except for the rounding of
    /// sums.
    /// </summary>
    /// <inheritdoc cref="ResumeAsync(TrainingJob, CancellationToken)"/>
    public Task<TrainingJob> ResumeAsync(TrainingJob job, int workerCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!job.Status.IsFinal())
            throw new TrainingJobException($"{job} has not ended, and cannot be resumed. Stop it first.");
        if (!job.HasCheckpoint)
            throw new TrainingJobException($"{job} has left no checkpoint in {job.LogDir}. Retry it, which begins anew.");
        var hostFile = workerCount > 1 ? job.Spec.HostFile : null;
        return SubmitAsync(job.Spec with { WorkerCount = workerCount, HostFile = hostFile }, job, cancellationToken);
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
            WorkerCount = origin.WorkerCount,
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
        return Open(new JobFolder(found));
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

    /// <summary>Returns whether jobs of a form wait in a queue of their launcher's own.</summary>
    internal bool HasQueue(TrainingJobSpec spec) => _launchers.Choose(spec.Target, spec.WorkerCount).HasQueue;

    /// <summary>Submits several jobs together: new ones, and those that go on from an earlier one.</summary>
    /// <param name="requests">Their forms, which differ in their parameters only, and the jobs that they resume.</param>
    /// <param name="cancellationToken">Ends the submission.</param>
    /// <exception cref="TrainingJobException">A field is wrong; the message names it. None was submitted.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed. None was submitted.</exception>
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

    /// <summary>Checks the form of a job, and creates its folder and its record, which takes the version.</summary>
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
            return folder;
        }
        catch
        {
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }
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
                    onJob(Open(new JobFolder(folder)));
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
