namespace MnistLab.Kernel;

/// <summary>What a cell of a notebook holds; <c>cell_type</c> in nbformat.</summary>
public enum CellKind
{
    /// <summary>Code, which a kernel runs.</summary>
    Code,

    /// <summary>Text in Markdown, for the reader.</summary>
    Markdown,

    /// <summary>Text that is left as it is.</summary>
    Raw,
}
