using System.Text.Json.Nodes;

namespace MnistLab.Studio.Tests.Notebooks;

/// <summary>Writes and reads the notebooks of tests.</summary>
internal static class NotebookFiles
{
    /// <summary>
    /// Writes a notebook of code cells; those that begin with <c>md:</c> are text cells. The IDs of the cells are c0,
    /// c1, …
    /// </summary>
    public static void Write(string file, params string[] cells)
    {
        var json = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select((source, index) => Cell(source, $"c{index}"))]),
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject
                {
                    ["display_name"] = ".NET (C#)",
                    ["language"] = "C#",
                    ["name"] = ".net-csharp"
                },
                ["mine"] = 1
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, json.ToJsonString());
    }

    /// <summary>
    /// Returns the sources of the cells. An unchanged cell is written as it was read, possibly as a single string
    /// rather than a list of lines.
    /// </summary>
    public static IEnumerable<string> Sources(JsonNode notebook) => notebook["cells"]!.AsArray()
        .Select(cell => cell!["source"] is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string)cell["source"]!);

    private static JsonNode Cell(string source, string id) => source.StartsWith("md:", StringComparison.Ordinal)
        ? new JsonObject { ["cell_type"] = "markdown", ["id"] = id, ["metadata"] = new JsonObject(), ["source"] = source[3..] }
        : new JsonObject
        {
            ["cell_type"] = "code",
            ["id"] = id,
            ["metadata"] = new JsonObject(),
            ["source"] = source,
            ["outputs"] = new JsonArray(),
            ["execution_count"] = null
        };
}
