using System.Text.RegularExpressions;

namespace MnistLab.Course.Tests;

/// <summary>Extracts the prose of a text cell: without code, addresses, and comments.</summary>
internal static partial class Prose
{
    public static string Of(string markdown) => Comment().Replace(WithComments(markdown), "");

    public static string WithComments(string markdown) => Address().Replace(Span().Replace(Fence().Replace(markdown, ""), "``"), "]");

    /// <summary>Extracts the part of a cell that states facts: without the table of times in the header.</summary>
    public static string Stating(string prose) => HeaderRow().Replace(prose, "");

    public static IEnumerable<(string Text, string Address)> Links(string markdown) =>
        Link().Matches(Fence().Replace(markdown, "")).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    public static IEnumerable<string> Headings(IEnumerable<string> texts) =>
        texts.SelectMany(text => Heading().Matches(Fence().Replace(text, ""))).Select(match => match.Groups[1].Value);

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^```.*?^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\([^)\s]+\)")]
    private static partial Regex Address();

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\| (Time|用时) \|.*$", RegexOptions.Multiline)]
    private static partial Regex HeaderRow();
}
