namespace MnistLab.Testing;

/// <summary>How long tests wait for what is going to happen.</summary>
public static class Patience
{
    /// <summary>
    /// Gets the limit of every wait for an event: no event takes this long, even on a machine that is fully loaded.
    /// It bounds a test that would hang; no test states how long anything takes by it.
    /// </summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(2);
}
