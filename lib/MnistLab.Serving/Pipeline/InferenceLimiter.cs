using System.Threading.RateLimiting;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Lets as many predictions run at a time as there are processors, and a bounded number wait: more at a time would only make each of them slower,
/// and a queue without an end would answer nobody in time.
/// </summary>
internal sealed class InferenceLimiter : IDisposable
{
    private readonly ConcurrencyLimiter _limiter;

    /// <param name="running">How many run at a time.</param>
    /// <param name="waiting">How many may wait.</param>
    public InferenceLimiter(int running, int waiting) =>
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = running, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    /// <summary>How many wait.</summary>
    public long Waiting => _limiter.GetStatistics()!.CurrentQueuedCount;

    /// <summary>Waits for a turn, which ends when the result is disposed.</summary>
    /// <exception cref="RequestRejectedException">429: too many wait already.</exception>
    public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken)
    {
        var lease = _limiter.AttemptAcquire();
        return lease.IsAcquired ? ValueTask.FromResult(lease) : WaitAsync(cancellationToken);
    }

    public void Dispose() => _limiter.Dispose();

    private async ValueTask<RateLimitLease> WaitAsync(CancellationToken cancellationToken)
    {
        var lease = await _limiter.AcquireAsync(1, cancellationToken);
        if (lease.IsAcquired) return lease;
        lease.Dispose();
        throw new RequestRejectedException(429, PredictionErrorCode.Overloaded, "More requests wait than can be answered soon; ask again in a second.");
    }
}
