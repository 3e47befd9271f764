using System.Diagnostics;
using MnistLab.Data;
using MnistLab.Hosting;

namespace MnistLab.Training;

/// <summary>
/// Trains one job with many combinations of hyper-parameters, several at once. Validation data decides between them: the boot file is asked not to touch the test set
/// and to export nothing (<c>export_model=false</c>). Each trial is a version of the job. A search that was interrupted is run again: what is done with the same
/// code and data is not done twice, and what was stopped half-way goes on from its checkpoint.
/// </summary>
/// <param name="workspace">Where the jobs run.</param>
/// <param name="spec">The job; its parameters are the same for all trials. Give it a name of its own.</param>
/// <param name="space">What varies.</param>
/// <param name="time">The clock.</param>
public sealed class HyperParameterSearch(Workspace workspace, TrainingJobSpec spec, SearchSpace space, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The most trials to do, those that were there included.</summary>
    public int MaxTrials { get; init; } = int.MaxValue;

    /// <summary>After which time no further trial is begun; those that run come to their end. Null for no limit.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>How many trials run at once; as many as the machine has processors unless said otherwise.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Does the trials. Cancelling stops those that run, each with a checkpoint.</summary>
    /// <param name="progress">Told of each trial as it ends.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>A trial for each combination of the space, in its order. A failed one is among them; it does not end the search.</returns>
    /// <exception cref="TrainingJobException">A field of the job or a hyper-parameter is wrong; the message names it.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public async Task<IReadOnlyList<SearchTrial>> RunAsync(IProgress<SearchTrial>? progress = null, CancellationToken cancellationToken = default)
    {
        NumberRange.RequireAtLeast(Parallelism, 1);
        NumberRange.RequireAtLeast(MaxTrials, 1);
        // Better refused now than after an hour of trials.
        var forms = space.Trials.Select(FormOf).ToList();
        foreach (var form in forms) form.Validate();
        var jobs = new TrainingJobs(workspace, _time, Parallelism);
        var sources = await jobs.SourcesOfAsync(spec, cancellationToken);
        var earlier = jobs.All.Where(job => job.Spec.JobName == spec.JobName && job.Sources == sources).ToList();
        var trials = new SearchTrial[space.Trials.Count];
        var since = _time.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, trials.Length), new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (index, token) =>
        {
            var isWithinBudget = index < MaxTrials && (MaxDuration is not { } limit || _time.GetElapsedTime(since) < limit);
            trials[index] = await RunAsync(index, forms[index], jobs, earlier, isWithinBudget, token);
            progress?.Report(trials[index]);
        });
        return trials;
    }

    private async Task<SearchTrial> RunAsync(int index, TrainingJobSpec form, TrainingJobs jobs, IReadOnlyList<TrainingJob> earlier, bool isWithinBudget, CancellationToken cancellationToken)
    {
        // The newest first.
        var same = earlier.Where(job => HasSame(job.Spec.Parameters, form.Parameters)).ToList();
        if (same.Find(job => job.Status == JobStatus.Completed) is { } done) return TrialOf(index, done, wasThere: true);
        if (!isWithinBudget) return TrialOf(index, null, wasThere: false);
        var job = same.FirstOrDefault() switch
        {
            null or { Status: JobStatus.Failed } => await jobs.SubmitAsync(form, cancellationToken),
            { } interrupted when interrupted.Status.IsFinal() => interrupted.HasCheckpoint ? await jobs.ResumeAsync(interrupted, cancellationToken) : await jobs.SubmitAsync(form, cancellationToken),
            var running => running,
        };
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
            // The trial's status tells it, and the job's log the reason; another combination may do better.
            Debug.Assert(job.Status != JobStatus.Completed, "A completed job does not fail.");
        }

        return TrialOf(index, job, wasThere: false);
    }

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
}
