using System.Net;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Scripting;

namespace MnistLab.Kernel.Sessions;

/// <summary>Creates the display of the parts of a cell that are not run.</summary>
internal static class PartDisplay
{
    public static MimeBundle Format(CellPart part, ScriptChain chain, RegisteredDirectives directives) => part.Kind switch
    {
        CellPartKind.Markdown => MimeBundle.From("text/markdown", part.Text),
        CellPartKind.Html => MimeBundle.From("text/html", part.Text),
        CellPartKind.JavaScript => MimeBundle.From("text/html", $"<script type=\"text/javascript\">{part.Text}</script>"),
        CellPartKind.Mermaid => MimeBundle.From("text/vnd.mermaid", part.Text).With("text/plain", part.Text),
        CellPartKind.Who => MimeBundle.From("text/plain", string.Join('\n', chain.Variables.Select(variable => variable.Name))),
        CellPartKind.Whos => Table(["Variable", "Type", "Value"], chain.Variables.Select(variable =>
            new[] { variable.Name, NameOf(variable.Type), DisplayTree.From(variable.Value, depth: 1).ToLine() })),
        CellPartKind.Directives => Table(["Directive", "Description"], CellSource.Directives
            .Concat(directives.Descriptions)
            .Select(directive => new[] { directive.Key, directive.Value })),
        CellPartKind.About => MimeBundle.From(
            "text/plain", $"C# on .NET {Environment.Version}, MnistLab.Kernel {KernelVersion.Current}"),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part.Kind, "This part is run, not shown."),
    };

    private static MimeBundle Table(string[] headings, IEnumerable<string[]> rows)
    {
        string[][] all = [headings, .. rows];
        var widths = headings.Index().Select(column => all.Max(row => row[column.Index].Length)).ToArray();
        var plain = string.Join('\n', all.Select(
            row => string.Concat(row.Index().Select(cell => cell.Item.PadRight(widths[cell.Index] + 2))).TrimEnd()));
        var html = new StringBuilder("<table><thead><tr>");
        foreach (var heading in headings) html.Append("<th>").Append(WebUtility.HtmlEncode(heading)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in all.Skip(1))
            html.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{WebUtility.HtmlEncode(cell)}</td>")).Append("</tr>");
        return MimeBundle.From("text/html", html.Append("</tbody></table>").ToString()).With("text/plain", plain);
    }

    private static string NameOf(Type type) => type.ToDisplayString("text/plain");
}
