using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MnistLab.Kernel.Documents;

/// <summary>
/// Assigns the unique ID that nbformat 4.5 requires to each cell whose ID is missing, invalid, or a duplicate of an
/// earlier one. The IDs depend only on the positions of the cells, so that the same file always gets the same IDs.
/// </summary>
internal static partial class CellIds
{
    public static void Complete(IReadOnlyList<JsonObject> cells)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var without = cells.Index().Where(cell => !(ReadId(cell.Item) is { } id && taken.Add(id))).ToList();
        foreach (var (index, cell) in without)
        {
            var position = (index + 1).ToString(CultureInfo.InvariantCulture);
            var candidates = Enumerable.Range(1, cells.Count + 1)
                .Select(attempt => attempt == 1
                    ? $"cell-{position}"
                    : string.Create(CultureInfo.InvariantCulture, $"cell-{position}-{attempt}"));
            cell["id"] = candidates.First(taken.Add);
        }
    }

    // https://nbformat.readthedocs.io/en/latest/format_description.html#cell-ids
    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}\\z")]
    private static partial Regex Allowed { get; }

    private static string? ReadId(JsonObject cell) =>
        cell["id"] is JsonValue value
            && value.GetValueKind() == JsonValueKind.String
            && value.GetValue<string>() is var id
            && Allowed.IsMatch(id) ? id : null;
}
