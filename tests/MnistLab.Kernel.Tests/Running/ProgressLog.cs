namespace MnistLab.Kernel.Tests;

/// <summary>Records the reports, on the reporting thread.</summary>
internal sealed class ProgressLog<T>(Action<T>? then = null) : IProgress<T>
{
    private readonly Lock _lock = new();
    private readonly List<T> _reports = [];

    public IReadOnlyList<T> Reports
    {
        get
        {
            lock (_lock) return [.. _reports];
        }
    }

    public void Report(T value)
    {
        lock (_lock) _reports.Add(value);
        then?.Invoke(value);
    }
}
