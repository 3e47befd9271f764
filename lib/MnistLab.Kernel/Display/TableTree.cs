using System.Text;

namespace MnistLab.Kernel.Display;

/// <summary>Represents a collection as a table with one row per value.</summary>
internal sealed class TableTree : DisplayTree
{
    private readonly ValueTable _table;
    private readonly IReadOnlyList<IReadOnlyList<DisplayTree?>> _rows;
    private readonly bool _isNested;

    private TableTree(ValueTable table, int depth)
    {
        _table = table;
        _isNested = depth > 0;
        _rows = [.. table.Rows.Select(row => row.Select(cell => cell.IsThere ? From(cell.Value, depth + 1) : null).ToList())];
    }

    /// <summary>Returns the table of a value; null if the value is not a collection.</summary>
    public static TableTree? TryOf(object value, int depth) => ValueTable.TryOf(value) is { } table ? new(table, depth) : null;

    public override string ToHtml()
    {
        if (_rows.Count == 0) return "<i>(empty)</i>";
        // Within a table, a list of words and numbers takes one line, and a table unfolds.
        if (_isNested && _table.IsList) return Encode(ToLine());

        var html = new StringBuilder("<table><thead><tr>");
        foreach (var column in _table.Columns) html.Append("<th>").Append(Encode(column)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in _rows)
        {
            html.Append("<tr>");
            foreach (var cell in row) html.Append("<td>").Append(cell?.ToHtml()).Append("</td>");
            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        if (_table.More is { } more) html.Append("<p>").Append(Encode(more)).Append("</p>");
        return _isNested ? $"<details><summary>{Encode(_table.Summary)}</summary>{html}</details>" : html.ToString();
    }

    public override string ToText()
    {
        if (_rows.Count == 0) return "(empty)";
        if (_table.IsList) return ToLine();

        var lines = _rows.Select(row => row.Select(cell => cell?.ToLine() ?? "").ToList()).Prepend([.. _table.Columns]).ToList();
        var widths = Enumerable.Range(0, _table.Columns.Count).Select(column => lines.Max(line => line[column].Length)).ToList();
        var text = string.Join('\n', lines.Select(
            line => string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
        return _table.More is { } more ? $"{text}\n{more}" : text;
    }

    public override string ToLine() => _table.IsList
        ? $"[ {string.Join(", ", _rows.Select(row => row[^1]!.ToLine()).Concat(_table.More is { } more ? [more] : []))} ]"
        : _rows.Count == 0 ? "(empty)" : _table.Summary;
}
