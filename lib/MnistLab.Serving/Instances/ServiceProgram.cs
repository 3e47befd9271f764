using System.Security.Cryptography;
using System.Text.Json;
using MnistLab.Data.Images;
using MnistLab.Hosting;
using MnistLab.Models.UserCode;

namespace MnistLab.Serving.Instances;

/// <summary>
/// Represents this assembly as a program: its commands, its build, and the copy from which each instance of a service
/// runs.
/// </summary>
internal static class ServiceProgram
{
    /// <summary>The command that runs the service's process: <c>serve FOLDER</c>.</summary>
    public const string Serve = "serve";

    /// <summary>The command that runs the supervisor: <c>supervise FOLDER</c>.</summary>
    public const string Supervise = "supervise";

    /// <summary>The file name of the program.</summary>
    public const string FileName = "MnistLab.Serving.dll";

    private const string ManifestExtension = ".deps.json";

    /// <summary>Gets the path of the program that this process has loaded.</summary>
    public static string Path => System.IO.Path.ChangeExtension(typeof(ServiceProgram).Assembly.Location, ".dll");

    /// <summary>
    /// Gets an identifier of the program's build. A running service of another build is replaced when it is deployed
    /// again.
    /// </summary>
    public static string Build { get; } = Convert.ToHexStringLower(SHA256.HashData(
    [
        .. new[] { typeof(ServiceProgram), typeof(DigitImage), typeof(UserCodeCompiler), typeof(DetachedProcess) }
            .SelectMany(type => type.Module.ModuleVersionId.ToByteArray()),
    ]))[..32];

    /// <summary>
    /// Copies the program with all its dependencies (45 MB), so that it keeps running if a build overwrites the
    /// original or someone deletes it.
    /// </summary>
    /// <param name="program">The path of the program.</param>
    /// <param name="folder">The folder to copy to, which must not exist yet.</param>
    /// <exception cref="DeploymentException">The program is incomplete: files were deleted, or a build is in
    /// progress.</exception>
    public static void Copy(string program, string folder)
    {
        var source = System.IO.Path.GetDirectoryName(program)!;
        Directory.CreateDirectory(folder);
        try
        {
            using var manifest = JsonDocument.Parse(File.ReadAllText(System.IO.Path.ChangeExtension(program, ManifestExtension)));
            foreach (var file in Files(manifest.RootElement))
            {
                // Copies instead of links, because writing to a link would change the package cache. File systems that
                // support it share the blocks.
                File.Copy(System.IO.Path.Combine(source, file), System.IO.Path.Combine(folder, file));
                // Symbols are copied so that stack traces in the log have line numbers.
                var symbols = System.IO.Path.ChangeExtension(file, ".pdb");
                if (symbols != file && File.Exists(System.IO.Path.Combine(source, symbols)))
                    File.Copy(System.IO.Path.Combine(source, symbols), System.IO.Path.Combine(folder, symbols));
            }
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException or KeyNotFoundException)
        {
            throw new DeploymentException(
                $"The service's program in {source} is incomplete: {exception.Message} Build it, then deploy again: dotnet build",
                exception);
        }
    }

    // The dependencies are listed in the .deps.json file; the file names are flat because the build is for one
    // platform.
    private static IEnumerable<string> Files(JsonElement manifest)
    {
        var target = manifest.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
        var loaded =
            from library in manifest.GetProperty("targets").GetProperty(target).EnumerateObject()
            from kind in new[] { "runtime", "native" }
            where library.Value.TryGetProperty(kind, out _)
            from file in library.Value.GetProperty(kind).EnumerateObject()
            select System.IO.Path.GetFileName(file.Name);
        return
        [
            .. loaded,
            System.IO.Path.ChangeExtension(FileName, ManifestExtension),
            System.IO.Path.ChangeExtension(FileName, ".runtimeconfig.json"),
        ];
    }
}
