namespace MnistLab.Kernel;

/// <summary>What kind of failure ended a cell.</summary>
public enum CellErrorKind
{
    /// <summary>The cell is not valid C#: nothing of it ran.</summary>
    Compilation,

    /// <summary>The cell threw an exception.</summary>
    Exception,

    /// <summary>The cell was cancelled.</summary>
    Interrupted,
}
