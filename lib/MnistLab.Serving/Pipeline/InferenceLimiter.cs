using System.Threading.RateLimiting;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Limits the number of predictions that run concurrently, usually to the number of processors, and queues a bounded
/// number of others. More concurrency would only slow down each prediction, and in an unbounded queue requests would
/// time out.
/// </summary>
internal sealed class InferenceLimiter : IDisposable
{
    private readonly ConcurrencyLimiter _limiter;

    /// <param name="running">The maximum number of predictions that run concurrently.</param>
    /// <param name="waiting">The maximum number of waiting requests.</param>
    public InferenceLimiter(int running, int waiting) =>
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = running,
            QueueLimit = waiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst
        });

    /// <summary>Gets the number of waiting requests.</summary>
    public long Waiting => _limiter.GetStatistics()!.CurrentQueuedCount;

    /// <summary>Waits for a permit, which is released when the result is disposed.</summary>
    /// <exception cref="RequestRejectedException">429: the queue is full.</exception>
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
        throw new RequestRejectedException(429, PredictionErrorCode.Overloaded, "Too many requests are waiting; retry in a second.");
    }
}
