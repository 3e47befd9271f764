using System.Text.Json;
using System.Text.Json.Nodes;
using MnistLab.Hosting;
using MnistLab.Kernel.Jupyter;

namespace MnistLab.Kernel.Installation;

/// <summary>
/// Represents the specification with which a kernel is started:
/// https://jupyter-client.readthedocs.io/en/latest/kernels.html#kernel-specs.
/// </summary>
/// <param name="Name">The name by which notebooks specify the kernel.</param>
/// <param name="DisplayName">The display name.</param>
/// <param name="Language">The language of the cells.</param>
/// <param name="Arguments">
/// The program and its arguments; <c>{connection_file}</c> stands for the connection file.
/// </param>
/// <param name="Variables">The environment variables that the kernel needs.</param>
/// <param name="IsInterruptedByMessage">
/// Whether an <c>interrupt_request</c> interrupts the kernel, rather than a signal.
/// </param>
public sealed record KernelSpecification(
    string Name,
    string DisplayName,
    string Language,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Variables,
    bool IsInterruptedByMessage)
{
    /// <summary>Gets the kernel of this library, which need not be installed.</summary>
    public static KernelSpecification Own { get; } = new(
        KernelInstallation.DefaultName,
        KernelInstallation.DefaultDisplayName,
        "C#",
        [DotnetHost.Path, "exec", KernelProgram.File, JupyterCommand.Name, "{connection_file}"],
        new Dictionary<string, string>(),
        IsInterruptedByMessage: true);

    /// <summary>
    /// Returns the kernel of this library, as built, followed by the other kernels that Jupyter finds, in the
    /// order of their names. The kernel of this library replaces its installed copies. Another kernel may have its name,
    /// as that of .NET Interactive does.
    /// </summary>
    /// <param name="folders">The folders to search.</param>
    public static IReadOnlyList<KernelSpecification> Find(JupyterFolders folders) =>
    [
        .. new KernelInstallation(folders).List()
            .Where(kernel => !kernel.IsOurs)
            .Select(kernel => Read(kernel.Folder))
            .OfType<KernelSpecification>()
            .DistinctBy(kernel => kernel.Name, StringComparer.OrdinalIgnoreCase)
            .Prepend(Own),
    ];

    /// <summary>Reads the specification in a folder. Returns null if there is none that Jupyter can use.</summary>
    public static KernelSpecification? Read(string folder)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, InstalledKernel.Specification))) as JsonObject ?? [];
            var name = Path.GetFileName(folder);
            string[] arguments = [.. (json["argv"] as JsonArray ?? []).Select(argument => Text(argument) ?? "")];
            return arguments.Length == 0
                ? null
                : new(
                    name,
                    Text(json["display_name"]) ?? name,
                    Text(json["language"]) ?? "",
                    [.. arguments.Select(argument => argument.Replace("{resource_dir}", folder, StringComparison.Ordinal))],
                    (json["env"] as JsonObject ?? []).ToDictionary(variable => variable.Key, variable => Text(variable.Value) ?? ""),
                    Text(json["interrupt_mode"]) == "message");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? value) => value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : null;
}
