namespace MnistLab.Kernel;

/// <summary>A feed that a cell names: <c>#i "nuget: https://…"</c>.</summary>
/// <param name="Line">The directive's line, from 1.</param>
/// <param name="Source">The feed's address or folder.</param>
/// <param name="File">The file that the directive stands in; null for the cell itself.</param>
internal sealed record FeedDirective(int Line, string Source, string? File = null)
{
    /// <summary>Returns the error of a feed that cannot be used.</summary>
    /// <param name="reason">What is wrong with it: the rest of a sentence.</param>
    public CellDirectiveException Refused(string reason) =>
        new(Line, $"The feed '{Source}' {reason} Correct the #i line and run the cell again.", File);
}
