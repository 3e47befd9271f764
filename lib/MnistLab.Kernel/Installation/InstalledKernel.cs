using System.Text.Json;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>A kernel that Jupyter can start.</summary>
/// <param name="Name">The name by which notebooks ask for it.</param>
/// <param name="DisplayName">The name that people see.</param>
/// <param name="Folder">The full path of the folder of its specification.</param>
/// <param name="IsOurs">Whether it is this one.</param>
public sealed record InstalledKernel(string Name, string DisplayName, string Folder, bool IsOurs)
{
    internal const string Specification = "kernel.json";
    internal const string Mark = "mnistlab";

    /// <summary>Reads the specification in a folder; null if there is none.</summary>
    internal static InstalledKernel? Read(string folder)
    {
        var file = Path.Combine(folder, Specification);
        if (!File.Exists(file)) return null;

        var name = Path.GetFileName(folder);
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? [];
            return new(name, json["display_name"] is JsonValue shown && shown.TryGetValue<string>(out var text) ? text : name, folder, json["metadata"] is JsonObject metadata && metadata.ContainsKey(Mark));
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            // Somebody else's, and not to be touched, even if Jupyter cannot use it.
            return new(name, name, folder, false);
        }
    }
}
