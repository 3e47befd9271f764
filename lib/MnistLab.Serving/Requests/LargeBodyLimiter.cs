using Microsoft.AspNetCore.Http;

namespace MnistLab.Serving.Requests;

/// <summary>
/// Limits the total memory of all large bodies. A body with a Content-Length reserves all of it at once; a body of
/// unknown length reserves memory as it arrives.
/// </summary>
internal sealed class LargeBodyLimiter
{
    private long _free = ServiceLimits.LargeBodiesBytes;

    /// <summary>Reserves memory for a body.</summary>
    /// <param name="length">The Content-Length in bytes; null if it is unknown.</param>
    /// <exception cref="RequestRejectedException">429: there is not enough memory at the moment.</exception>
    public Lease Acquire(long? length)
    {
        var lease = new Lease(this);
        lease.Grow(length ?? 0);
        return lease;
    }

    /// <summary>Represents the reservation for one body; disposing it releases the memory.</summary>
    internal sealed class Lease(LargeBodyLimiter limiter) : IDisposable
    {
        private long _reserved;

        /// <summary>Extends the reservation to this many bytes of the body. Small bodies need no reservation.</summary>
        /// <exception cref="RequestRejectedException">429: there is not enough memory at the moment.</exception>
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
                    "The service has no memory for another large body at the moment; retry in a second.");
            }

            _reserved = bytes;
        }

        public void Dispose() => Interlocked.Add(ref limiter._free, Interlocked.Exchange(ref _reserved, 0));
    }
}
