using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MnistLab.Studio.Outputs;

/// <summary>
/// Represents the HTML of an output. In Jupyter, all outputs share one page, so a library that one output loads is
/// available to the later ones. Here, each output has its own frame: large scripts are extracted, and every frame of
/// the notebook loads them.
/// </summary>
/// <param name="Html">The HTML, with references in place of its large scripts.</param>
/// <param name="Libraries">The large scripts, by the hashes of their texts.</param>
internal sealed partial record OutputHtml(string Html, IReadOnlyDictionary<string, string> Libraries)
{
    private const int LargeScript = 400_000;

    /// <summary>Gets whether there are scripts that may depend on the libraries.</summary>
    public bool HasScripts => Html.Contains("<script", StringComparison.OrdinalIgnoreCase);

    /// <summary>Extracts the large scripts.</summary>
    public static OutputHtml Split(string html)
    {
        if (html.Length < LargeScript) return new(html, new Dictionary<string, string>());
        var libraries = new Dictionary<string, string>();
        var rest = Script.Replace(html, script =>
        {
            var text = script.Groups["text"].Value;
            if (text.Length < LargeScript) return script.Value;
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            libraries[hash] = text;
            return $"<script data-library=\"{hash}\"></script>";
        });
        return new(rest, libraries);
    }

    [GeneratedRegex(@"<script(?:\s+type=""?text/javascript""?)?\s*>(?<text>.*?)</script\s*>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Script { get; }
}
