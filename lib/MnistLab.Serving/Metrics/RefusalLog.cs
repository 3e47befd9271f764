using Microsoft.Extensions.Logging;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Metrics;

/// <summary>
/// Logs rejected requests: each kind at most once in ten seconds, with the number of those suppressed in between, so
/// that invalid requests cannot fill the disk.
/// </summary>
internal sealed class RefusalLog(ServiceEvents events, TimeProvider time, ILogger<RefusalLog> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Last, long Unheard)> _kinds = [];

    public void Add(ServiceProtocol protocol, RequestRejectedException refusal, Exception cause)
    {
        if (TakeTurn(refusal.ErrorCode) is not { } unheard) return;
        var more = unheard > 0 ? FormattableString.Invariant($" ({unheard} similar rejections since the last message)") : "";
        // The message may quote the request, whose line breaks and control characters must not forge log lines.
        var message = string.Concat(refusal.Message.Select(letter => char.IsControl(letter) ? ' ' : letter));
        var line = FormattableString.Invariant($"{protocol.Label()} {refusal.StatusCode} {refusal.ErrorCode}: {message}{more}");
        events.Add(line);
        if (refusal.StatusCode >= 500 && cause is not RequestRejectedException) log.LogError(cause, "{Line}", line);
        else log.LogInformation("{Line}", line);
    }

    private long? TakeTurn(string kind)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (_kinds.TryGetValue(kind, out var entry) && time.GetElapsedTime(entry.Last, now) < Interval)
            {
                _kinds[kind] = entry with { Unheard = entry.Unheard + 1 };
                return null;
            }

            _kinds[kind] = (now, 0);
            return entry.Unheard;
        }
    }
}
