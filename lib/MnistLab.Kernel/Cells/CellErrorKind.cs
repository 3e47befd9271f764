namespace MnistLab.Kernel.Cells;

/// <summary>Specifies the kind of error that ended a cell.</summary>
public enum CellErrorKind
{
    /// <summary>The code or a directive of the cell is not valid, and was not run.</summary>
    Compilation,

    /// <summary>The cell threw an exception.</summary>
    Exception,

    /// <summary>The cell was interrupted.</summary>
    Interrupted,
}
