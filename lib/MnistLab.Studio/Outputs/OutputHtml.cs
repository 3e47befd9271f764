using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MnistLab.Studio.Outputs;

/// <summary>
/// The HTML of an output. In Jupyter all outputs share a page, so that a library which one of them loads serves all that follow. Here
/// each has a frame of its own: large scripts are taken out, and every frame of the notebook loads them.
/// </summary>
/// <param name="Html">The HTML, with references in the places of its large scripts.</param>
/// <param name="Libraries">The large scripts, by the hashes of their texts.</param>
internal sealed partial record OutputHtml(string Html, IReadOnlyDictionary<string, string> Libraries)
{
    private const int LargeScript = 400_000;

    /// <summary>Gets whether there are scripts that may need the libraries.</summary>
    public bool HasScripts => Html.Contains("<script", StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes the large scripts out.</summary>
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
