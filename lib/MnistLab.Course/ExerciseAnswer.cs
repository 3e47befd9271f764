using System.Text.RegularExpressions;

namespace MnistLab.Course;

/// <summary>The code of an exercise's hidden answer.</summary>
/// <param name="Cell">The id of the cell that holds the exercise.</param>
/// <param name="Number">The answer's number in its cell, from 1.</param>
/// <param name="Code">The C#.</param>
public sealed partial record ExerciseAnswer(string Cell, int Number, string Code)
{
    /// <summary>The answers in a cell's text: C# within <c>&lt;details&gt;</c>.</summary>
    public static IEnumerable<ExerciseAnswer> In(CourseCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return Details().Matches(cell.Source)
            .SelectMany(details => Fence().Matches(details.Value))
            .Select((fence, index) => new ExerciseAnswer(cell.Id, index + 1, fence.Groups["code"].Value.TrimEnd('\n')));
    }

    [GeneratedRegex("<details>.*?</details>", RegexOptions.Singleline)]
    internal static partial Regex Details();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    internal static partial Regex Fence();
}
