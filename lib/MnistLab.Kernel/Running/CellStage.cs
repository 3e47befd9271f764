namespace MnistLab.Kernel;

/// <summary>How far a cell has come.</summary>
public enum CellStage
{
    /// <summary>It runs.</summary>
    Started,

    /// <summary>It runs, and has written text.</summary>
    Wrote,

    /// <summary>It ran to its end.</summary>
    Succeeded,

    /// <summary>It failed, and with it the notebook, unless errors are allowed.</summary>
    Failed,
}
