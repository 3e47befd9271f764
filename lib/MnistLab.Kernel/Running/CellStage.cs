namespace MnistLab.Kernel.Running;

/// <summary>Specifies the stage of the execution of a cell.</summary>
public enum CellStage
{
    /// <summary>The cell has started.</summary>
    Started,

    /// <summary>The cell is running and has written text.</summary>
    Wrote,

    /// <summary>The cell ran to the end.</summary>
    Succeeded,

    /// <summary>The cell failed. The notebook fails as well, unless errors are allowed.</summary>
    Failed,
}
