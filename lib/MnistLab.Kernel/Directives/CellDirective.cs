namespace MnistLab.Kernel;

/// <summary>A line of a cell that is addressed to the kernel, not to the compiler.</summary>
/// <param name="Line">The number of the line, from 1.</param>
/// <param name="Start">Where the line begins in the cell.</param>
/// <param name="End">Where the next line begins, or the cell ends.</param>
/// <param name="Name">What it begins with: <c>#!time</c>, <c>#r</c>, <c>#i</c>.</param>
/// <param name="Arguments">The rest of the line, without the spaces around it.</param>
internal sealed record CellDirective(int Line, int Start, int End, string Name, string Arguments)
{
    /// <summary>
    /// False for a line in a section that <c>#if</c> turns off: it is neither followed nor compiled.
    /// </summary>
    public bool IsActive { get; init; } = true;

    /// <summary>
    /// The language in which the text after this line is written; null if the directive does not change it.
    /// </summary>
    public string? Language => IsActive && Name.StartsWith("#!", StringComparison.Ordinal) ? CellLanguage.Find(Name[2..]) : null;
}
