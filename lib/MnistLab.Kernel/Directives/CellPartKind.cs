namespace MnistLab.Kernel.Directives;

/// <summary>Specifies how a part of a cell is processed.</summary>
internal enum CellPartKind
{
    /// <summary>The part is C#, which is run.</summary>
    CSharp,

    /// <summary>The part is Markdown, which is displayed.</summary>
    Markdown,

    /// <summary>The part is HTML, which is displayed.</summary>
    Html,

    /// <summary>The part is JavaScript, which runs in the front end.</summary>
    JavaScript,

    /// <summary>The part is a Mermaid diagram, which the front end draws if it supports Mermaid.</summary>
    Mermaid,

    /// <summary>The names of the variables are displayed.</summary>
    Who,

    /// <summary>A table of the variables with their types and values is displayed.</summary>
    Whos,

    /// <summary>A table of the directives is displayed.</summary>
    Directives,

    /// <summary>The versions of .NET and the kernel are displayed.</summary>
    About,

    /// <summary>The cells of another notebook or a script are run.</summary>
    Import,

    /// <summary>The part is a directive, with its text, that a kernel or extension of the session handles.</summary>
    Command,
}
