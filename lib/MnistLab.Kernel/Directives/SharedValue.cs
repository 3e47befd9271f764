using System.Text.RegularExpressions;

namespace MnistLab.Kernel.Directives;

/// <summary>Finds the values of kernels that <c>#!share</c> and <c>#!set</c> refer to.</summary>
internal static partial class SharedValue
{
    private static readonly string[] Kinds = ["input", "password"];

    /// <summary>Returns the names of the values that a directive refers to, each with the name of its kernel.</summary>
    public static IReadOnlyList<(string Kernel, string Name)> NamedBy(CellPart part)
    {
        var words = Word.Matches(part.Text.Split('\n')[0]).Select(match => match.Value).Skip(1).ToArray();
        return part.Name switch
        {
            "#!share" when Option(words, "--from") is { } kernel && SharedBy(words) is { } name => [(kernel, name)],
            "#!set" => [.. words.Select(word => Reference.Match(word)).Where(match => match.Success)
                .Select(match => (match.Groups["kernel"].Value, match.Groups["name"].Value))
                .Where(reference => !Kinds.Contains(reference.Item1))],
            _ => [],
        };
    }

    private static string? Option(string[] words, string option) =>
        Array.IndexOf(words, option) is >= 0 and var index && index + 1 < words.Length ? words[index + 1].Trim('"') : null;

    // The option --name names the value. Without it, the value is the first word that is neither an option nor the
    // value of one.
    private static string? SharedBy(string[] words) => Option(words, "--name")
        ?? words.Where((word, index) => !IsOption(word) && (index == 0 || !IsOption(words[index - 1]))).FirstOrDefault()?.Trim('"');

    private static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);

    [GeneratedRegex("""[^\s"]*"[^"]*"|\S+""")]
    private static partial Regex Word { get; }

    [GeneratedRegex("""^@(?<kernel>[^:"\s]+):(?<name>[^"\s{]+)$""")]
    private static partial Regex Reference { get; }
}
