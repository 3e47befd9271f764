namespace MnistLab.Kernel.Documents;

/// <summary>Specifies the kind of a cell of a notebook (<c>cell_type</c> in nbformat).</summary>
public enum CellKind
{
    /// <summary>The cell contains code, which a kernel runs.</summary>
    Code,

    /// <summary>The cell contains Markdown text for the reader.</summary>
    Markdown,

    /// <summary>The cell contains text that is neither run nor rendered.</summary>
    Raw,
}
