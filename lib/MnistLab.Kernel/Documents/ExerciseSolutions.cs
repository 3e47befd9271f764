using System.Globalization;
using System.Text.RegularExpressions;

namespace MnistLab.Kernel.Documents;

/// <summary>
/// Handles the exercises of a notebook. A code cell tagged <c>your-turn</c> contains a skeleton for the reader to
/// complete, and the Markdown cell immediately before it contains the solution, a block of C# within
/// <c>&lt;details&gt;</c>. In an unattended run, the solution replaces the skeleton.
/// </summary>
public static partial class ExerciseSolutions
{
    /// <summary>The tag of a code cell that contains a skeleton.</summary>
    public const string Tag = "your-turn";

    /// <summary>Returns the cells with a skeleton, each with its solution, from top to bottom.</summary>
    /// <exception cref="NotebookFormatException">
    /// The cell before a skeleton is not a Markdown cell with exactly one solution.
    /// </exception>
    public static IReadOnlyList<(NotebookCell Skeleton, string Solution)> Find(NotebookDocument notebook)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        return
        [
            .. notebook.Cells.Index()
                .Where(cell => cell.Item.Kind == CellKind.Code && cell.Item.Tags.Contains(Tag))
                .Select(cell => (cell.Item, Solution(notebook, cell.Index))),
        ];
    }

    /// <summary>
    /// Replaces each skeleton with its solution, and keeps the skeleton in the metadata of the cell for the report.
    /// </summary>
    /// <exception cref="NotebookFormatException">
    /// The cell before a skeleton is not a Markdown cell with exactly one solution.
    /// </exception>
    public static void FillIn(NotebookDocument notebook)
    {
        foreach (var (cell, solution) in Find(notebook)) cell.Complete(solution);
    }

    /// <summary>Returns the blocks of C# within <c>&lt;details&gt;</c> in the text of a Markdown cell.</summary>
    public static IEnumerable<string> HiddenIn(string markdown) => Details()
        .Matches(markdown)
        .SelectMany(details => Fence().Matches(details.Value))
        .Select(fence => fence.Groups["code"].Value.TrimEnd('\n'));

    private static string Solution(NotebookDocument notebook, int index)
    {
        var before = index > 0 ? notebook.Cells[index - 1] : null;
        string[] solutions = before?.Kind == CellKind.Markdown
            ? [.. HiddenIn(before.Source)]
            : [];
        return solutions is [var only] ? only : throw new NotebookFormatException(notebook.Path, string.Create(
            CultureInfo.InvariantCulture,
            $"cell {index + 1} is tagged '{Tag}', so the Markdown cell before it must contain the solution, one block of C# within <details>, but it contains {solutions.Length}."));
    }

    [GeneratedRegex("<details>.*?</details>", RegexOptions.Singleline)]
    private static partial Regex Details();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
