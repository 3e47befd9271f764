using System.Threading.RateLimiting;

namespace MnistLab.Serving.Pipeline;

/// <summary>A prediction that runs on its request's own thread. Its request is answered once: by that thread, or, when its time is over, by <see cref="RunningPredictions"/>.</summary>
internal sealed class RunningPrediction(IInferenceCall call, RateLimitLease turn, long started, TimeSpan limit)
{
    private TaskCompletionSource? _answered;
    private int _isOver;

    public IInferenceCall Call => call;

    public RateLimitLease Turn => turn;

    public long Started => started;

    public TimeSpan Limit => limit;

    /// <summary>When it was given up, as a time stamp; null as long as it was not.</summary>
    public long? GivenUp { get; set; }

    /// <summary>Ends when it has been answered for being late: until then nothing else may be done with its request.</summary>
    public Task Answered => Completion.Task;

    // Only of one that is late anybody asks.
    private TaskCompletionSource Completion => LazyInitializer.EnsureInitialized(ref _answered, static () => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void SetAnswered() => Completion.SetResult();

    /// <summary>Takes the request's answer upon oneself; false if someone else has.</summary>
    public bool TryTakeAnswer() => Interlocked.Exchange(ref _isOver, 1) == 0;
}
