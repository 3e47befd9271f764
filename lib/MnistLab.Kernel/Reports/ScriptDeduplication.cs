using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MnistLab.Kernel.Reports;

/// <summary>
/// Keeps only the first of identical large inline scripts. Every notebook embeds the chart library, which takes several
/// MB, but the page needs it only once.
/// </summary>
internal sealed partial class ScriptDeduplication
{
    /// <summary>
    /// The maximum length, in characters, of scripts that are kept even if repeated, because they may be meant to run
    /// each time.
    /// </summary>
    public const int MaxRepeatedLength = 10_000;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public string Apply(string html) => Script.Replace(html, script =>
        script.Length <= MaxRepeatedLength || _seen.Add(
            Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(script.Groups["body"].Value.Trim()))))
            ? script.Value
            : "");

    [GeneratedRegex("<script(?![^>]*\\ssrc\\s*=)(\\s[^>]*)?>(?<body>.*?)</script\\s*>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Script { get; }
}
