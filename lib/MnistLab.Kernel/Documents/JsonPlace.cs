using System.Text.Json;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Documents;

/// <summary>
/// Represents a place in a notebook file. Reads JSON members there, and names the place in error messages.
/// </summary>
/// <param name="File">The file.</param>
/// <param name="Name">The place within the file, such as <c>cell 3, output 1</c>.</param>
internal sealed record JsonPlace(string File, string Name)
{
    public NotebookFormatException Wrong(string problem) => new(File, $"{Name} {problem}.");

    public JsonPlace Within(string part) => this with { Name = $"{Name}, {part}" };

    public JsonObject Object(JsonNode? value) => value as JsonObject ?? throw Wrong("is not an object");

    public string Text(JsonObject owner, string member) => owner.ContainsKey(member)
        ? TextOf(owner[member], member)
        : throw Wrong($"has no '{member}'");

    public string TextOf(JsonNode? value, string member)
    {
        if (value?.GetValueKind() != JsonValueKind.String) throw Wrong($"has a '{member}' that is not text");
        try
        {
            return value.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            throw Wrong($"has a '{member}' with an unpaired surrogate, which is not valid text");
        }
    }

    /// <summary>
    /// Returns text that is either a string or a list of strings to concatenate (<c>multiline_string</c> in nbformat).
    /// </summary>
    public string MultilineText(JsonObject owner, string member) => owner[member] is JsonArray lines
        ? string.Concat(lines.Select(line => TextOf(line, member)))
        : Text(owner, member);

    public int? OptionalNumber(JsonObject owner, string member) => owner[member] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        _ => throw Wrong($"has an '{member}' that is not a whole number"),
    };
}
