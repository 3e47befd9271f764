using System.Diagnostics;
using MnistLab.Data.Workspaces;
using MnistLab.Hosting;
using MnistLab.Storage;
using MnistLab.Training.Jobs;

namespace MnistLab.Training.Search;

/// <summary>
/// Runs a hyper-parameter search: trains one job with many combinations of hyper-parameters, several at a time. Trials
/// are compared by their validation metrics: the boot file is told not to evaluate the test set or export a model
/// (<c>export_model=false</c>). Each trial is a version of the job. To continue an interrupted search, run it again:
/// trials completed with the same code and data are not repeated, and stopped trials resume from their checkpoint.
/// </summary>
/// <param name="workspace">The workspace in which the jobs run.</param>
/// <param name="spec">The job; its parameters apply to all trials. Use a job name that no other job has.</param>
/// <param name="space">The combinations of hyper-parameters to try.</param>
/// <param name="time">The clock.</param>
public sealed class HyperParameterSearch(Workspace workspace, TrainingJobSpec spec, SearchSpace space, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Gets the maximum number of trials, including those already completed.</summary>
    public int MaxTrials { get; init; } = int.MaxValue;

    /// <summary>
    /// Gets the time after which no further trial is started; running trials are completed. Null for no limit.
    /// </summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>
    /// Gets the maximum number of trials that run at once. If null, it is the number of processors of this machine or,
    /// on a cluster, as many as the cluster can run.
    /// </summary>
    public int? Parallelism { get; init; }

    /// <summary>Runs the trials. Cancellation stops the running trials, each with a checkpoint.</summary>
    /// <param name="progress">Receives each trial as it ends.</param>
    /// <param name="cancellationToken">A token to cancel the search.</param>
    /// <returns>
    /// A trial for each combination of the search space, in the same order. Failed trials are included; they do not end
    /// the search.
    /// </returns>
    /// <exception cref="TrainingJobException">
    /// A field of the job or a hyper-parameter is not valid; the message names it.
    /// </exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    public async Task<IReadOnlyList<SearchTrial>> RunAsync(
        IProgress<SearchTrial>? progress = null, CancellationToken cancellationToken = default)
    {
        if (Parallelism is { } parallelism) NumberRange.RequireAtLeast(parallelism, 1);
        NumberRange.RequireAtLeast(MaxTrials, 1);
        // Reports an invalid parameter now rather than after an hour of trials.
        var forms = space.Trials.Select(FormOf).ToList();
        foreach (var form in forms) form.Validate();
        var most = Parallelism ?? (spec.Target == JobTarget.Local ? Environment.ProcessorCount : forms.Count);
        var jobs = new TrainingJobs(workspace, _time, most);
        var sources = await jobs.SourcesOfAsync(spec, cancellationToken);
        var earlier = jobs.All.Where(job => job.Spec.JobName == spec.JobName && job.Sources == sources).ToList();
        var trials = new SearchTrial[forms.Count];
        var since = _time.GetTimestamp();
        // A cluster receives all trials at once and starts each when resources are free; on this machine, a trial is
        // started when another has ended.
        var queued = jobs.HasQueue(spec) ? await QueueAsync(forms, jobs, earlier, cancellationToken) : null;
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = queued is null ? most : forms.Count,
            CancellationToken = cancellationToken,
        };
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, trials.Length), options, async (index, token) =>
            {
                trials[index] = queued is null
                    ? await RunAsync(index, forms[index], jobs, earlier, IsWithinBudget(index, since), token)
                    : await WaitAsync(index, queued[index], since, token);
                progress?.Report(trials[index]);
            });
        }
        catch when (queued is not null)
        {
            // Stops all queued trials, including those that are not awaited yet.
            await Task.WhenAll(queued.Select(start => start.Job?.StopAsync(CancellationToken.None) ?? Task.CompletedTask));
            throw;
        }

        return trials;
    }

    /// <summary>
    /// Submits all trials that are not completed together; for each of the others, returns the earlier job.
    /// </summary>
    private async Task<Start[]> QueueAsync(
        IReadOnlyList<TrainingJobSpec> forms,
        TrainingJobs jobs,
        IReadOnlyList<TrainingJob> earlier,
        CancellationToken cancellationToken)
    {
        var starts = forms.Select(form => Choose(form, earlier)).ToArray();
        var begun = Enumerable.Range(0, forms.Count)
            .Where(index => starts[index].Job is null && index < MaxTrials && MaxDuration != TimeSpan.Zero)
            .ToArray();
        if (begun.Length == 0) return starts;
        var submitted = await jobs.SubmitAllAsync(
            [.. begun.Select(index => (forms[index], starts[index].Resumed))], cancellationToken);
        foreach (var (index, job) in begun.Zip(submitted)) starts[index] = new Start(job, null, WasThere: false);
        return starts;
    }

    private async Task<SearchTrial> RunAsync(
        int index,
        TrainingJobSpec form,
        TrainingJobs jobs,
        IReadOnlyList<TrainingJob> earlier,
        bool isWithinBudget,
        CancellationToken cancellationToken)
    {
        var start = Choose(form, earlier);
        if (start.WasThere) return TrialOf(index, start.Job, wasThere: true);
        if (!isWithinBudget) return TrialOf(index, null, wasThere: false);
        var job = start switch
        {
            { Job: { } running } => running,
            _ => (await jobs.SubmitAllAsync([(form, start.Resumed)], cancellationToken))[0],
        };
        return await WaitAsync(index, new Start(job, null, WasThere: false), since: null, cancellationToken);
    }

    /// <summary>Waits until a trial ends; removes it if it is still queued when the time limit is reached.</summary>
    private async Task<SearchTrial> WaitAsync(int index, Start start, long? since, CancellationToken cancellationToken)
    {
        if (start.WasThere || start.Job is not { } job) return TrialOf(index, start.Job, start.WasThere);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var overtime = since is { } begin && MaxDuration is { } duration
            ? RemoveWhenOverAsync(job, duration - _time.GetElapsedTime(begin), limit.Token)
            : Task.CompletedTask;
        try
        {
            await job.WaitAsync(cancellationToken: cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await job.StopAsync(CancellationToken.None);
            throw;
        }
        catch (TrainingJobException)
        {
            // The trial's status records the failure, and the job's log the reason; the search continues.
            Debug.Assert(job.Status != JobStatus.Completed, "A completed job does not fail.");
        }
        finally
        {
            await limit.CancelAsync();
            await overtime;
        }

        return TrialOf(index, job, wasThere: false);
    }

    private async Task RemoveWhenOverAsync(TrainingJob job, TimeSpan rest, CancellationToken ended)
    {
        var delay = rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        await Task.Delay(delay, _time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ended.IsCancellationRequested && job.Status == JobStatus.Pending) await job.StopAsync(ended);
    }

    /// <summary>Determines how to start a trial; work done with the same code and data is not repeated.</summary>
    private static Start Choose(TrainingJobSpec form, IReadOnlyList<TrainingJob> earlier)
    {
        // Newest first.
        var same = earlier.Where(job => HasSame(job.Spec.Parameters, form.Parameters)).ToList();
        if (same.Find(job => job.Status == JobStatus.Completed) is { } done) return new Start(done, null, WasThere: true);
        return same.FirstOrDefault() switch
        {
            null or { Status: JobStatus.Failed } => new Start(null, null, WasThere: false),
            { } interrupted when interrupted.Status.IsFinal() =>
                new Start(null, interrupted.HasCheckpoint ? interrupted : null, WasThere: false),
            var running => new Start(running, null, WasThere: false),
        };
    }

    private bool IsWithinBudget(int index, long since) =>
        index < MaxTrials && (MaxDuration is not { } limit || _time.GetElapsedTime(since) < limit);

    private TrainingJobSpec FormOf(IReadOnlyDictionary<string, string> trial)
    {
        var parameters = new Dictionary<string, string>(spec.Parameters, StringComparer.Ordinal) { ["export_model"] = "false" };
        foreach (var (name, value) in trial) parameters[name] = value;
        return spec with { Parameters = parameters };
    }

    private SearchTrial TrialOf(int index, TrainingJob? job, bool wasThere) => new(
        index + 1, space.Trials[index], job, job?.Status, job?.Validation, job?.Duration ?? TimeSpan.Zero, wasThere);

    private static bool HasSame(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second) =>
        first.Count == second.Count && first.All(item => second.TryGetValue(item.Key, out var value) && value == item.Value);

    /// <summary>Represents how a trial is started.</summary>
    /// <param name="Job">The job that runs or has completed the trial; null if there is none yet.</param>
    /// <param name="Resumed">The job to resume; null for none.</param>
    /// <param name="WasThere">Whether an earlier search completed the trial.</param>
    private sealed record Start(TrainingJob? Job, TrainingJob? Resumed, bool WasThere);
}
