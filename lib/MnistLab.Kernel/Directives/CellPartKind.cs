namespace MnistLab.Kernel;

/// <summary>What is done with a part of a cell.</summary>
internal enum CellPartKind
{
    /// <summary>C# that is run.</summary>
    CSharp,

    /// <summary>Markdown that is shown.</summary>
    Markdown,

    /// <summary>HTML that is shown.</summary>
    Html,

    /// <summary>JavaScript that runs where the notebook is shown.</summary>
    JavaScript,

    /// <summary>A Mermaid diagram that is drawn where the notebook is shown, if the front end can.</summary>
    Mermaid,

    /// <summary>A list of the variables' names is shown.</summary>
    Who,

    /// <summary>A table of the variables with their types and values is shown.</summary>
    Whos,

    /// <summary>A list of the directives is shown.</summary>
    Directives,

    /// <summary>What the kernel is, is shown.</summary>
    About,

    /// <summary>The cells of another notebook, or a script, are run.</summary>
    Import,

    /// <summary>A directive that the kernels and extensions of the session handle; the text is all of it.</summary>
    Command,
}
