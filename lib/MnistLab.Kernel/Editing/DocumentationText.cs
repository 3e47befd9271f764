using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace MnistLab.Kernel.Editing;

/// <summary>Extracts the text of XML documentation.</summary>
internal static partial class DocumentationText
{
    /// <summary>
    /// Returns the summary, a line for each parameter, and a line for the return value; empty if there is no
    /// documentation.
    /// </summary>
    public static IReadOnlyList<string> Lines(string? xml)
    {
        if (string.IsNullOrWhiteSpace(xml)) return [];
        try
        {
            var documentation = XElement.Parse($"<doc>{xml}</doc>", LoadOptions.PreserveWhitespace);
            return
            [
                .. documentation.Descendants("summary").Select(Text),
                .. documentation.Descendants("param").Select(parameter => $"{(string?)parameter.Attribute("name")}: {Text(parameter)}"),
                .. documentation.Descendants("returns").Select(returns => $"returns: {Text(returns)}"),
            ];
        }
        catch (XmlException)
        {
            // The XML documentation of a library may not be well-formed.
            return [];
        }
    }

    private static string Text(XElement element) => Spaces.Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { IsEmpty: true } reference => Name(
            (string?)reference.Attribute("cref")
            ?? (string?)reference.Attribute("name")
            ?? (string?)reference.Attribute("langword")
            ?? ""),
        XElement element => Text(element),
        _ => "",
    };

    // M:System.Console.WriteLine(System.String) → WriteLine
    private static string Name(string reference) => reference.Split('(')[0].Split('.', ':')[^1];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }
}
