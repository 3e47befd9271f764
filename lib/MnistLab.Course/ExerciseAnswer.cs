using System.Text.RegularExpressions;
using MnistLab.Kernel.Documents;

namespace MnistLab.Course;

/// <summary>Represents the code of a hidden answer to an exercise.</summary>
/// <param name="Cell">The ID of the cell that contains the exercise.</param>
/// <param name="Number">The number of the answer in its cell, from 1.</param>
/// <param name="Code">The C# code.</param>
public sealed partial record ExerciseAnswer(string Cell, int Number, string Code)
{
    /// <summary>Returns the answers in the text of a cell: C# code blocks within <c>&lt;details&gt;</c>.</summary>
    public static IEnumerable<ExerciseAnswer> In(NotebookCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return ExerciseSolutions.HiddenIn(cell.Source)
            .Select((code, index) => new ExerciseAnswer(cell.Id, index + 1, code));
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    internal static partial Regex Fence();
}
