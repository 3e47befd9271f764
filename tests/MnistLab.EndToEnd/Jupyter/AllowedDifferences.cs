using System.Net;
using System.Text.RegularExpressions;
using Outputs = System.Collections.Generic.IReadOnlyList<MnistLab.EndToEnd.ShownOutput>;

namespace MnistLab.EndToEnd;

/// <summary>
/// Lists the allowed differences between the outputs of .NET Interactive and those of this kernel, with reasons.
/// </summary>
internal static partial class AllowedDifferences
{
    private const string Html = "text/html";
    private const string Plain = "text/plain";
    private const string Text = "text";

    /// <summary>
    /// Gets the functions that rewrite the outputs of .NET Interactive for a cell; a function returns null if it does
    /// not apply.
    /// </summary>
    public static IReadOnlyList<(string Reason, Func<Outputs, Outputs?> Apply)> OfCells { get; } =
    [
        ("The first output connects the page to .NET Interactive's web server; this kernel has none.", WithoutScripts),
        ("Compilation errors are on stderr, followed by an error without details.", WithCompilationErrors),
        ("#!time shows the time after the result instead of before it.", WithTimeFirst),
    ];

    /// <summary>Gets the same for the cells of the course, which use TorchSharp's types.</summary>
    public static IReadOnlyList<(string Reason, Func<Outputs, Outputs?> Apply)> OfCourseCells { get; } =
    [
        .. OfCells,
        ("The compiler warns, on stderr, that TorchSharp was built for other versions.", WithoutVersionWarnings),
    ];

    /// <summary>Gets the predicates that determine whether an output may differ in that way.</summary>
    public static IReadOnlyList<(string Reason, Func<ShownOutput, ShownOutput, bool> Holds)> OfOutputs { get; } =
    [
        ("Errors are named 'Error'; their message has the exception's name, message, and stack.", IsSameError),
        ("Single-line values are HTML with a style sheet; here they are plain text.", IsSameLine),
        ("Values that are HTML have no plain-text alternative.", IsSameHtml),
        ("Objects are trees; here they are tables. Every word of the table must be in the tree.", IsSameTable),
    ];

    /// <summary>
    /// Gets, by ID, the cells of the course whose numbers differ from run to run on either kernel, and what these
    /// numbers are. Everything else in these cells is compared.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Measured { get; } = new Dictionary<string, string>
    {
        ["train-14"] = "samples per second",
        ["train-35"] = "the seconds of each experiment",
        ["train-62"] = "a chart of the samples per second",
        ["train-63"] = "the last of the samples per second",
        ["train-194"] = "the duration of each trial",
        ["deploy-04"] = "the size of the manifest, which contains the duration of the training",
        ["deploy-27"] = "the process of the service",
        ["deploy-35"] = "how many requests were answered",
        ["deploy-36"] = "a chart of the requests",
        ["deploy-38"] = "a chart of the requests' confidences",
        ["deploy-39"] = "the mean confidence of the requests",
        ["deploy-41"] = "the number of requests",
        ["deploy-43"] = "the service's own counters",
        ["deploy-45"] = "the number of calls",
        ["predict-44"] = "a chart of latencies and throughput",
        ["predict-45"] = "answers per second",
    };

    [GeneratedRegex("<style.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Style { get; }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag { get; }

    private static Outputs? WithoutScripts(Outputs outputs) =>
        outputs.Count > 0 && Form(outputs[0], Html).Contains("dotnet-interactive-this-cell", StringComparison.Ordinal)
            ? [.. outputs.Skip(1)]
            : null;

    private static Outputs? WithCompilationErrors(Outputs outputs)
    {
        if (outputs.Count < 2 || outputs[^2].Kind != "stderr") return null;
        if (Form(outputs[^1], Text) != "Error: compilation error") return null;
        var errors = string.Join('\n', Form(outputs[^2], Text).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var forms = new Dictionary<string, string> { [Text] = $"CompilationError: {errors}" };
        return [.. outputs.SkipLast(2), outputs[^1] with { Forms = forms }];
    }

    private static Outputs? WithoutVersionWarnings(Outputs outputs)
    {
        var others = outputs.Where(output => !IsVersionWarning(output)).ToList();
        return others.Count < outputs.Count ? others : null;
    }

    private static bool IsVersionWarning(ShownOutput output) => output.Kind == "stderr" && Form(output, Text)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .All(line => line.Contains("warning CS1701: ", StringComparison.Ordinal));

    private static Outputs? WithTimeFirst(Outputs outputs) =>
        outputs.Count > 1 && Form(outputs[^1], Plain).StartsWith("Wall time: ", StringComparison.Ordinal)
            ? [outputs[^1], .. outputs.SkipLast(1)]
            : null;

    private static bool IsSameError(ShownOutput ours, ShownOutput theirs) =>
        ours.Kind == "error" && theirs.Kind == "error"
        && Form(theirs, Text).StartsWith($"Error: {Form(ours, Text)}\n   at ", StringComparison.Ordinal);

    private static bool IsSameLine(ShownOutput ours, ShownOutput theirs) =>
        ours.Form == $"{ours.Kind}({Plain})" && theirs.Form == $"{ours.Kind}({Html})"
        && Visible(Form(theirs, Html)) == Form(ours, Plain);

    private static bool IsSameHtml(ShownOutput ours, ShownOutput theirs) =>
        HaveHtml(ours, theirs)
        && ExecutedNotebook.Steady(Form(ours, Html)) == ExecutedNotebook.Steady(Form(theirs, Html));

    private static bool IsSameTable(ShownOutput ours, ShownOutput theirs) =>
        HaveHtml(ours, theirs) && Words(Visible(Form(theirs, Html))).ToHashSet().IsSupersetOf(Words(Form(ours, Plain)));

    private static bool HaveHtml(ShownOutput ours, ShownOutput theirs) =>
        ours.Kind == theirs.Kind && theirs.Forms.Keys.SequenceEqual([Html]) && ours.Forms.ContainsKey(Html);

    private static string Visible(string html) =>
        WebUtility.HtmlDecode(Tag.Replace(Style.Replace(html, ""), "\n")).Trim();

    private static IEnumerable<string> Words(string text) =>
        text.Split((char[])[' ', '\n', ',', '[', ']'], StringSplitOptions.RemoveEmptyEntries);

    private static string Form(ShownOutput output, string type) => output.Forms.GetValueOrDefault(type, "");
}
