namespace MnistLab.Kernel.Directives;

/// <summary>Represents a line of a cell that the kernel processes, not the compiler.</summary>
/// <param name="Line">The number of the line, from 1.</param>
/// <param name="Start">The position in the cell at which the line begins.</param>
/// <param name="End">The position at which the next line begins, or the end of the cell.</param>
/// <param name="Name">The name that begins the line, such as <c>#!time</c>, <c>#r</c>, or <c>#i</c>.</param>
/// <param name="Arguments">The rest of the line, trimmed.</param>
internal sealed record CellDirective(int Line, int Start, int End, string Name, string Arguments)
{
    /// <summary>
    /// Gets a value that indicates whether the directive is processed; false in an inactive <c>#if</c> section, which
    /// is not compiled either.
    /// </summary>
    public bool IsActive { get; init; } = true;

    /// <summary>Gets the language of the text after this line; null if the directive does not change it.</summary>
    public string? Language => IsActive && Name.StartsWith("#!", StringComparison.Ordinal) ? CellLanguage.Find(Name[2..]) : null;
}
