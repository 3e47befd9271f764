namespace MnistLab.Kernel.Directives;

/// <summary>Represents a package feed that a cell adds: <c>#i "nuget: https://…"</c>.</summary>
/// <param name="Line">The 1-based line of the directive.</param>
/// <param name="Source">The URL or folder of the feed.</param>
/// <param name="File">The file that contains the directive; null for the cell itself.</param>
internal sealed record FeedDirective(int Line, string Source, string? File = null)
{
    /// <summary>Returns the error of a feed that cannot be used.</summary>
    /// <param name="reason">The rest of a sentence that begins with the feed.</param>
    public CellDirectiveException Refused(string reason) =>
        new(Line, $"The feed '{Source}' {reason} Correct the #i line and run the cell again.", File);
}
