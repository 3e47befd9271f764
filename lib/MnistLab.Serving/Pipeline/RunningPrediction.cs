using System.Threading.RateLimiting;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Represents a prediction that runs on its request's own thread. Only one response is sent: by that thread, or by
/// <see cref="RunningPredictions"/> if the prediction times out.
/// </summary>
internal sealed class RunningPrediction(IInferenceCall call, RateLimitLease turn, long started, TimeSpan limit)
{
    private TaskCompletionSource? _answered;
    private int _isOver;

    public IInferenceCall Call => call;

    public RateLimitLease Turn => turn;

    public long Started => started;

    public TimeSpan Limit => limit;

    /// <summary>Gets or sets the timestamp at which the prediction timed out; null if it has not.</summary>
    public long? GivenUp { get; set; }

    /// <summary>
    /// Gets the task that completes when the timeout response has been written; until then, the request must not be
    /// used otherwise.
    /// </summary>
    public Task Answered => Completion.Task;

    // Created lazily, because it is needed only if the prediction times out.
    private TaskCompletionSource Completion => LazyInitializer.EnsureInitialized(
        ref _answered, static () => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void SetAnswered() => Completion.SetResult();

    /// <summary>
    /// Claims the right to respond to the request; returns false if another thread has already claimed it.
    /// </summary>
    public bool TryTakeAnswer() => Interlocked.Exchange(ref _isOver, 1) == 0;
}
