using System.Text.Json;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Installation;

/// <summary>Represents a kernel that is installed for Jupyter.</summary>
/// <param name="Name">The name by which notebooks specify the kernel.</param>
/// <param name="DisplayName">The display name.</param>
/// <param name="Folder">The full path of the folder that contains the specification.</param>
/// <param name="IsOurs">Whether it is the kernel of this library.</param>
public sealed record InstalledKernel(string Name, string DisplayName, string Folder, bool IsOurs)
{
    internal const string Specification = "kernel.json";
    internal const string Mark = "mnistlab";

    /// <summary>Reads the specification in a folder. Returns null if there is none.</summary>
    internal static InstalledKernel? Read(string folder)
    {
        var file = Path.Combine(folder, Specification);
        if (!File.Exists(file)) return null;

        var name = Path.GetFileName(folder);
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? [];
            return new(
                name,
                json["display_name"] is JsonValue shown && shown.TryGetValue<string>(out var text) ? text : name,
                folder,
                json["metadata"] is JsonObject metadata && metadata.ContainsKey(Mark));
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            // The kernel may belong to another program, and must not be replaced even if Jupyter cannot use it.
            return new(name, name, folder, false);
        }
    }
}
