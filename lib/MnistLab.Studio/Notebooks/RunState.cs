namespace MnistLab.Studio.Notebooks;

/// <summary>Whether a cell runs.</summary>
internal enum RunState
{
    /// <summary>It does not.</summary>
    Idle,

    /// <summary>It waits for its turn.</summary>
    Queued,

    /// <summary>It does.</summary>
    Running,
}
