using System.Text;
using System.Text.RegularExpressions;

namespace MnistLab.Storage.Files;

/// <summary>
/// Represents a glob pattern: <c>*</c> matches any part of a name, <c>?</c> any character, <c>[a-z]</c> a character of
/// a set, <c>[!a-z]</c> a character outside of it, and <c>**</c>, as a whole name, any number of directories.
/// </summary>
internal sealed class GlobPattern
{
    private static readonly char[] Wildcards = ['*', '?', '['];

    private readonly Regex? _expression;

    public GlobPattern(string pattern, char[] separators, int rootLength)
    {
        var wildcard = pattern.AsSpan(rootLength).IndexOfAny(Wildcards);
        if (wildcard < 0)
        {
            Base = pattern;
            return;
        }

        var end = pattern.LastIndexOfAny(separators, rootLength + wildcard) + 1;
        Base = pattern[..Math.Max(end, rootLength)];
        var names = pattern[Base.Length..].Split(separators, StringSplitOptions.RemoveEmptyEntries);
        _expression = new Regex($@"\A{Translate(names)}\z", RegexOptions.CultureInvariant | RegexOptions.Singleline);
        IsDeep = names.Length > 1 || names[0] == "**";
    }

    /// <summary>
    /// Gets the directory before the first name with a wildcard; the whole pattern if it has no wildcard.
    /// </summary>
    public string Base { get; }

    /// <summary>Gets whether the pattern contains a wildcard.</summary>
    public bool HasWildcard => _expression is not null;

    /// <summary>Gets whether matches may lie deeper than directly in <see cref="Base"/>.</summary>
    public bool IsDeep { get; }

    /// <summary>Returns whether a path relative to <see cref="Base"/>, with slashes, matches.</summary>
    public bool IsMatch(string relativePath) => _expression is not null && _expression.IsMatch(relativePath);

    private static string Translate(string[] names)
    {
        var expression = new StringBuilder();
        for (var i = 0; i < names.Length; i++)
        {
            var isLast = i == names.Length - 1;
            if (names[i] == "**") expression.Append(isLast ? ".+" : "(?:.+/)?");
            else expression.Append(TranslateName(names[i])).Append(isLast ? "" : "/");
        }

        return expression.ToString();
    }

    private static string TranslateName(string name)
    {
        var expression = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var close = name[i] == '[' ? name.IndexOf(']', Math.Min(name.Length, i + (name.AsSpan(i + 1).StartsWith("!") ? 3 : 2))) : -1;
            if (close > 0)
            {
                var negated = name[i + 1] == '!';
                var set = name[(i + (negated ? 2 : 1))..close]
                    .Replace(@"\", @"\\", StringComparison.Ordinal)
                    .Replace("[", @"\[", StringComparison.Ordinal)
                    .Replace("]", @"\]", StringComparison.Ordinal)
                    .Replace("^", @"\^", StringComparison.Ordinal);
                expression.Append("(?!/)[").Append(negated ? "^" : "").Append(set).Append(']');
                i = close;
                continue;
            }

            expression.Append(name[i] switch { '*' => "[^/]*", '?' => "[^/]", var other => Regex.Escape($"{other}") });
        }

        return expression.ToString();
    }
}
