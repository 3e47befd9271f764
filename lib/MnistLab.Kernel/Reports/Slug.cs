using System.Text;

namespace MnistLab.Kernel;

/// <summary>A heading's text as part of an anchor.</summary>
internal static class Slug
{
    /// <summary>Letters and digits in lower case, all else as single hyphens: "Open the lab!" and "Open-the-lab!" become <c>open-the-lab</c>.</summary>
    public static string Of(string text)
    {
        var slug = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character)) slug.Append(char.ToLowerInvariant(character));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }

        return slug.ToString().TrimEnd('-') is { Length: > 0 } named ? named : "section";
    }
}
