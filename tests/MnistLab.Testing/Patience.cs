namespace MnistLab.Testing;

/// <summary>Defines how long tests wait for expected events.</summary>
public static class Patience
{
    /// <summary>
    /// Gets the timeout of every wait for an event, long enough for any event even on a fully loaded machine. It only
    /// ends a test that would otherwise hang; no test uses it to limit how long an operation may take.
    /// </summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(2);
}
