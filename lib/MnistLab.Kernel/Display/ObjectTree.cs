using System.Text;

namespace MnistLab.Kernel.Display;

/// <summary>Represents an object as a list of its members, one per line.</summary>
internal sealed class ObjectTree : DisplayTree
{
    private readonly string? _title;
    private readonly IReadOnlyList<(string Name, DisplayTree Value)> _members;

    private ObjectTree(string? title, IReadOnlyList<(string Name, DisplayTree Value)> members) => (_title, _members) = (title, members);

    /// <summary>Returns the tree of the members of a value; null if the value has none.</summary>
    public static ObjectTree? TryOf(object value, int depth)
    {
        var members = ValueMembers.Of(value);
        return members.Count == 0
            ? null
            : new(
                TypeDisplay.HasTitle(value) ? DisplayFault.TextOrFault(value.ToString) : null,
                [.. members.Select(member => (member.Name, From(member.Value, depth + 1)))]);
    }

    public override string ToHtml()
    {
        var html = new StringBuilder("<table><tbody>");
        foreach (var (name, value) in _members) html
            .Append("<tr><th>")
            .Append(Encode(name))
            .Append("</th><td>")
            .Append(value.ToHtml())
            .Append("</td></tr>");
        html.Append("</tbody></table>");
        // The text of the object is the title; its members unfold.
        return _title is null ? html.ToString() : $"<details><summary>{Encode(_title)}</summary>{html}</details>";
    }

    public override string ToText()
    {
        if (_title is not null) return _title;
        var width = _members.Max(member => member.Name.Length);
        return string.Join('\n', _members.Select(member => $"{member.Name.PadRight(width)}  {member.Value.ToLine()}"));
    }

    public override string ToLine() =>
        _title ?? $"{{ {string.Join(", ", _members.Select(member => $"{member.Name} = {member.Value.ToLine()}"))} }}";
}
