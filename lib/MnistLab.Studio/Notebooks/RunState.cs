namespace MnistLab.Studio.Notebooks;

/// <summary>Specifies whether a cell is running.</summary>
internal enum RunState
{
    /// <summary>The cell is not running.</summary>
    Idle,

    /// <summary>The cell waits for the cells before it.</summary>
    Queued,

    /// <summary>The cell is running.</summary>
    Running,
}
