using System.Text.RegularExpressions;

namespace MnistLab.EndToEnd;

/// <summary>Represents an executed code cell.</summary>
/// <param name="Id">The id of the cell.</param>
/// <param name="Source">The code.</param>
/// <param name="Outputs">The outputs, from top to bottom.</param>
public sealed record ExecutedCell(string Id, string Source, IReadOnlyList<ShownOutput> Outputs)
{
    /// <summary>Gets whether the cell compares the learner's code with the library.</summary>
    public bool IsStepCheck => Source.Contains("Check.Yours", StringComparison.Ordinal);
}

/// <summary>Represents an output of a cell.</summary>
/// <param name="Kind">The name of the stream, <c>error</c>, <c>display_data</c>, or <c>execute_result</c>.</param>
/// <param name="Forms">The representations by MIME type; for a stream or an error, one named <c>text</c>.</param>
public sealed partial record ShownOutput(string Kind, IReadOnlyDictionary<string, string> Forms)
{
    /// <summary>Gets the kind and the sorted names of the representations.</summary>
    public string Form => $"{Kind}({string.Join(',', Forms.Keys.Order(StringComparer.Ordinal))})";

    /// <summary>Gets all representations, without durations, ports, and IDs.</summary>
    public string Text => string.Concat(Forms
        .OrderBy(form => form.Key, StringComparer.Ordinal)
        .Select(form => $"{form.Key}: {ExecutedNotebook.Steady(form.Value)}\n"));

    /// <summary>Returns the output with <c>#</c> in place of each number and each list of numbers.</summary>
    public ShownOutput WithoutNumbers() => this with
    {
        Forms = Forms.ToDictionary(form => form.Key, form => Numbers.Replace(ExecutedNotebook.Steady(form.Value), "#")),
    };

    [GeneratedRegex("[0-9.,E+-]+")]
    private static partial Regex Numbers { get; }
}
