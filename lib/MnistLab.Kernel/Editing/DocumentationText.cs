using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace MnistLab.Kernel;

/// <summary>The text of XML documentation.</summary>
internal static partial class DocumentationText
{
    /// <summary>The summary, and a line for each parameter and for what is returned; none if there is no documentation.</summary>
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
            // Documentation of somebody else's that is not well-formed says nothing.
            return [];
        }
    }

    private static string Text(XElement element) => Spaces.Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { IsEmpty: true } reference => Name((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name") ?? (string?)reference.Attribute("langword") ?? ""),
        XElement element => Text(element),
        _ => "",
    };

    // M:System.Console.WriteLine(System.String) → WriteLine
    private static string Name(string reference) => reference.Split('(')[0].Split('.', ':')[^1];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }
}
