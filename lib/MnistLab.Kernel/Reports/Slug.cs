using System.Text;

namespace MnistLab.Kernel.Reports;

/// <summary>Converts the text of a heading to a part of an anchor.</summary>
internal static class Slug
{
    /// <summary>
    /// Returns the letters and digits in lowercase, with single hyphens for everything between them: "Open the lab!"
    /// and "Open-the-lab!" become <c>open-the-lab</c>.
    /// </summary>
    public static string From(string text)
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
