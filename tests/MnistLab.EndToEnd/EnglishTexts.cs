using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MnistLab.EndToEnd;

/// <summary>
/// Finds English texts in the outputs of a Chinese notebook: texts without a Chinese character that contain a word.
/// Text that looks like code (<c>max_number_of_steps</c>, <c>Conv2d</c>, an address) or is marked as code does not
/// count as a word.
/// </summary>
internal static partial class EnglishTexts
{
    // The names of models, units, and products, and the states of the platform's console.
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "softmax", "lenet", "fast", "digits", "augmentation", "dropout", "adam", "adamw", "sgd", "ms", "MB", "UTC", "MNIST", "TensorBoard", "Normal",
    };

    // Outputs of a program, a protocol, or the platform, which are the same in each edition.
    private static readonly HashSet<string> Quoted = new(StringComparer.Ordinal)
    {
        // Messages of the library, which are the same in a terminal and in a log.
        "prepare-06", "train-169", "train-50", "train-180", "deploy-16", "deploy-19", "deploy-21", "predict-40",
        // Logs, events, jobs, and services.
        "train-14", "train-52", "train-54", "train-57", "train-58", "train-62", "train-181", "deploy-26", "deploy-27", "deploy-29", "predict-04",
        // Code, and files that programs read.
        "train-141", "train-142", "train-40", "train-157", "train-91", "deploy-24", "deploy-07", "deploy-09", "deploy-11",
        "predict-27", "predict-29", "predict-31",
    };

    /// <summary>Returns the English texts in the outputs of a notebook, each with the ID of its cell.</summary>
    /// <param name="notebook">The executed notebook.</param>
    public static IEnumerable<string> In(ExecutedNotebook notebook) => notebook.Cells
        .Where(cell => !Quoted.Contains(cell.Id))
        .SelectMany(cell => cell.Outputs.SelectMany(TextsOf).Where(IsEnglish).Distinct().Select(text => $"{cell.Id}: {text.Trim()}"));

    private static IEnumerable<string> TextsOf(ShownOutput output)
    {
        if (!output.Forms.TryGetValue("text/html", out var html)) return output.Forms.Values.SelectMany(text => text.Split('\n'));
        var charts = Script().Matches(html).Where(script => script.Value.Contains("Plotly.newPlot('", StringComparison.Ordinal));
        var inCharts = charts.SelectMany(
            chart => ChartText().Matches(chart.Value).Select(text => (string)JsonNode.Parse(text.Groups[1].Value)!));
        // A possible line break within a name does not divide the name.
        var whole = html.Replace("<wbr>", "", StringComparison.Ordinal);
        var shown = Quotation().Replace(Script().Replace(whole, "<>"), "<>");
        return inCharts
            .Concat(Description().Matches(shown).Select(text => WebUtility.HtmlDecode(text.Groups[1].Value)))
            .Concat(Tag().Split(shown).Select(WebUtility.HtmlDecode).OfType<string>());
    }

    private static bool IsEnglish(string text) => !Chinese().IsMatch(text)
        && Token().Matches(text).Any(token => token.Length > 1 && !Code().IsMatch(token.Value) && !Names.Contains(token.Value));

    [GeneratedRegex(@"<(script|style)\b[^>]*>.*?</\1>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("""
        "(?:text|name)":("(?:[^"\\]|\\.)*")
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex ChartText();

    [GeneratedRegex("""(?:alt|aria-label)="([^"]*)["]""")]
    private static partial Regex Description();

    [GeneratedRegex("<code>[^<]*</code>")]
    private static partial Regex Quotation();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Chinese();

    [GeneratedRegex(@"[A-Za-z][\w./:=\-']*")]
    private static partial Regex Token();

    [GeneratedRegex(@"[\d_./:=]|.[A-Z]")]
    private static partial Regex Code();
}
