using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace MnistLab.Serving;

/// <summary>The memory that larger bodies share: many of them at once must not take all there is.</summary>
internal sealed class LargeBodyLimiter : IDisposable
{
    private readonly ConcurrencyLimiter _room = new(new ConcurrencyLimiterOptions { PermitLimit = ServiceLimits.LargeBodiesMegabytes, QueueLimit = 0 });

    /// <summary>Takes room for a body.</summary>
    /// <param name="length">Its length in bytes; null if it is not known before it has ended.</param>
    /// <exception cref="RequestRejectedException">429: there is none at the moment.</exception>
    public Share Take(long? length)
    {
        if (length <= ServiceLimits.SmallBodyBytes) return default;
        var lease = _room.AttemptAcquire(1 + (int)((length ?? ServiceLimits.MaxBodyBytes - 1) >> 20));
        if (lease.IsAcquired) return new Share(lease);
        lease.Dispose();
        throw new RequestRejectedException(StatusCodes.Status429TooManyRequests, PredictionErrorCode.Overloaded, "The service is receiving as much as it has room for; ask again in a second.");
    }

    public void Dispose() => _room.Dispose();

    /// <summary>A part of the room; disposing gives it back.</summary>
    internal readonly struct Share(RateLimitLease lease) : IDisposable
    {
        public void Dispose() => lease?.Dispose();
    }
}
