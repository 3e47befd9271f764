using System.Globalization;
using System.Text.RegularExpressions;

namespace MnistLab.Kernel;

/// <summary>
/// Exercises within a notebook: a code cell tagged <c>your-turn</c> holds a skeleton for the reader to complete, and the
/// Markdown cell right before it holds the solution, a block of C# within <c>&lt;details&gt;</c>. Nobody completes the
/// skeleton of a notebook that runs unattended, so the solution that readers can unfold runs in its place.
/// </summary>
public static partial class ExerciseSolutions
{
    /// <summary>The tag of the code cell with the skeleton.</summary>
    public const string Tag = "your-turn";

    /// <summary>Returns the cells with a skeleton, each with its solution, from top to bottom.</summary>
    /// <exception cref="NotebookFormatException">The Markdown cell before a skeleton holds no solution, or several.</exception>
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

    /// <summary>Puts each solution in the place of its skeleton, which the cell's metadata keep for the report.</summary>
    /// <exception cref="NotebookFormatException">The Markdown cell before a skeleton holds no solution, or several.</exception>
    public static void FillIn(NotebookDocument notebook)
    {
        foreach (var (cell, solution) in Find(notebook)) cell.Complete(solution);
    }

    private static string Solution(NotebookDocument notebook, int index)
    {
        var before = index > 0 ? notebook.Cells[index - 1] : null;
        string[] solutions = before?.Kind == CellKind.Markdown
            ? [.. Details().Matches(before.Source).SelectMany(details => Fence().Matches(details.Value)).Select(fence => fence.Groups["code"].Value.TrimEnd('\n'))]
            : [];
        return solutions is [var only] ? only : throw new NotebookFormatException(notebook.Path, string.Create(
            CultureInfo.InvariantCulture,
            $"cell {index + 1} is tagged '{Tag}', so the Markdown cell before it must hold one block of C# within <details>, the solution, but it holds {solutions.Length}."));
    }

    [GeneratedRegex("<details>.*?</details>", RegexOptions.Singleline)]
    private static partial Regex Details();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
