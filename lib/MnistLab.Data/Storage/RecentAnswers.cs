namespace MnistLab.Data;

/// <summary>The numbers of a server's last answers: more of them than requests are ever under way at a time. Safe for any number of threads at once.</summary>
internal sealed class RecentAnswers
{
    /// <summary>How many are remembered.</summary>
    public const int Most = 1024;

    private readonly Lock _lock = new();
    private readonly Queue<string> _order = new(Most);
    private readonly HashSet<string> _known = new(Most, StringComparer.Ordinal);

    /// <summary>Remembers an answer; false if it came before.</summary>
    public bool Add(string number)
    {
        lock (_lock)
        {
            if (!_known.Add(number)) return false;
            if (_order.Count == Most) _known.Remove(_order.Dequeue());
            _order.Enqueue(number);
            return true;
        }
    }
}
