using System.Text.Json.Nodes;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

internal static class Notebooks
{
    /// <summary>Writes a notebook with these code cells, each with an output of an earlier run.</summary>
    public static string WriteNotebook(this TemporaryFolder folder, string name, params string[] cells)
    {
        var notebook = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select(source => new JsonObject
            {
                ["cell_type"] = "code",
                ["execution_count"] = 99,
                ["metadata"] = new JsonObject(),
                ["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "old" }),
                ["source"] = source,
            })]),
            ["metadata"] = new JsonObject(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 4,
        };
        File.WriteAllText(folder[name], notebook.ToJsonString());
        return folder[name];
    }
}
