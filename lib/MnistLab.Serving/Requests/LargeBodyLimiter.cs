using Microsoft.AspNetCore.Http;

namespace MnistLab.Serving.Requests;

/// <summary>
/// Bounds the memory that all larger bodies take together. A body of an announced length reserves all of it at once;
/// a body of unknown length reserves what has arrived of it.
/// </summary>
internal sealed class LargeBodyLimiter
{
    private long _free = ServiceLimits.LargeBodiesBytes;

    /// <summary>Reserves room for a body.</summary>
    /// <param name="length">The announced length in bytes; null if it is not known before the body ends.</param>
    /// <exception cref="RequestRejectedException">429: there is no room at the moment.</exception>
    public Lease Acquire(long? length)
    {
        var lease = new Lease(this);
        lease.Grow(length ?? 0);
        return lease;
    }

    /// <summary>The room of one body; disposing releases it.</summary>
    internal sealed class Lease(LargeBodyLimiter limiter) : IDisposable
    {
        private long _reserved;

        /// <summary>
        /// Makes sure that this many bytes of the body are reserved. Small bodies need no reservation.
        /// </summary>
        /// <exception cref="RequestRejectedException">429: there is no room at the moment.</exception>
        public void Grow(long bytes)
        {
            if (bytes <= ServiceLimits.SmallBodyBytes || bytes <= _reserved) return;
            var more = bytes - _reserved;
            if (Interlocked.Add(ref limiter._free, -more) < 0)
            {
                Interlocked.Add(ref limiter._free, more);
                throw new RequestRejectedException(
                    StatusCodes.Status429TooManyRequests,
                    PredictionErrorCode.Overloaded,
                    "The service is receiving as many large bodies as it has memory for. Try again in a second.");
            }

            _reserved = bytes;
        }

        public void Dispose() => Interlocked.Add(ref limiter._free, Interlocked.Exchange(ref _reserved, 0));
    }
}
