using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using MnistLab.Hosting;
using MnistLab.Kernel.Packages;

namespace MnistLab.Kernel.Installation;

/// <summary>
/// Compiles the libraries of an installed kernel to machine code with the SDK's ahead-of-time compiler (Crossgen2).
/// Roslyn, which compiles the cells, is published as IL, so without machine code each kernel start would spend a second
/// or two on just-in-time compilation.
/// </summary>
/// <remarks>
/// A library that cannot be compiled stays unchanged. Without machine code the kernel works the same, but starts more
/// slowly.
/// </remarks>
/// <param name="feed">The folder that contains the compiler's package; null for the configured NuGet feeds.</param>
/// <param name="version">The version of the compiler; null for the version of the runtime.</param>
internal sealed class AheadOfTimeCompiler(string? feed = null, string? version = null)
{
    private const string ProjectName = "compiler.csproj";

    // A dependency of the editor's packages, none of whose code runs.
    private const string OtherLanguage = "Microsoft.CodeAnalysis.VisualBasic.";

    // Also compiles the generic methods of other libraries, such as those of collections, for the types of a library,
    // and inlines short methods of other libraries. The runtime verifies that these are still the same, and otherwise
    // compiles them itself. Without these options, it would compile thousands of methods at startup.
    private static readonly string[] CrossModule = ["--opt-cross-module:*", "--non-local-generics-module:*"];

    // The libraries that startup and the first cells use. The others are rarely used, or are published with machine
    // code.
    private static readonly string[] Families =
        ["MnistLab",
            "AsyncIO",
            "Markdig",
            "NetMQ",
            "Microsoft.CodeAnalysis",
            "Microsoft.DotNet.Interactive",
            "System.Composition",
            "System.CommandLine",
            "System.Reactive"];

    /// <summary>Compiles the libraries in a folder that contain no machine code yet, and replaces them.</summary>
    /// <param name="folder">The folder of a program that is not running.</param>
    /// <param name="progress">Receives the name of each library before it is compiled.</param>
    /// <param name="cancellationToken">
    /// A token that cancels the compilation; libraries that are not compiled yet stay unchanged.
    /// </param>
    /// <exception cref="ScratchFolderException">The temporary folder cannot be used.</exception>
    /// <returns>The reason why the compiler is not available; null if it is.</returns>
    public async Task<string?> CompileAsync(string folder, IProgress<string> progress, CancellationToken cancellationToken)
    {
        using var scratch = ScratchFolder.Create("mnistlab-compiler-");
        return await scratch.UseAsync(temporary => CompileAsync(folder, temporary, progress, cancellationToken));
    }

    private async Task<string?> CompileAsync(
        string folder, string temporary, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var (compiler, problem) = await FindCompilerAsync(temporary, cancellationToken);
        if (compiler is null) return problem;
        foreach (var library in Directory
            .GetFiles(folder, "*.dll")
            .Where(IsOfFamily)
            .Where(file => !HasMachineCode(file))
            .Order(StringComparer.Ordinal))
        {
            progress.Report(Path.GetFileNameWithoutExtension(library));
            await CompileAsync(compiler, library, temporary, cancellationToken);
        }

        return null;
    }

    private static bool HasMachineCode(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        return image.PEHeaders.CorHeader is { ManagedNativeHeaderDirectory.Size: > 0 };
    }

    private static bool IsOfFamily(string file) => Path.GetFileName(file) is var name
        && !name.StartsWith(OtherLanguage, StringComparison.OrdinalIgnoreCase)
        && Families.Any(family => name.StartsWith(family + ".", StringComparison.OrdinalIgnoreCase));

    // A temporary project references the package, so that NuGet uses its configured feeds, credentials, and caches.
    private async Task<(string? Compiler, string? Problem)> FindCompilerAsync(string folder, CancellationToken cancellationToken)
    {
        var package = $"Microsoft.NETCore.App.Crossgen2.{Platform}";
        var wanted = version ?? Environment.Version.ToString(3);
        var project = new XElement(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement(
                "PropertyGroup",
                new XElement("TargetFramework", $"net{Environment.Version.ToString(2)}"),
                feed is null ? null : new XElement("RestoreSources", feed)),
            new XElement(
                "ItemGroup",
                new XElement("PackageDownload", new XAttribute("Include", package), new XAttribute("Version", $"[{wanted}]"))));
        await File.WriteAllTextAsync(Path.Combine(folder, ProjectName), project.ToString(), cancellationToken);
        var restored = await ToolProcess.RestoreAsync(ProjectName, folder, cancellationToken);
        if (restored.ExitCode != 0) return (null, $"NuGet could not restore {package} {wanted}: {restored.Output.Trim()}");

        var root = await ToolProcess.RunAsync(
            DotnetHost.Path, ["msbuild", ProjectName, "-getProperty:NuGetPackageRoot"], folder, cancellationToken);
        var compiler = Path.Combine(
            root.Output.Trim(),
            package.ToLowerInvariant(),
            wanted,
            "tools",
            OperatingSystem.IsWindows() ? "crossgen2.exe" : "crossgen2");
        return File.Exists(compiler) ? (compiler, null) : (null, $"{compiler} is missing from the package.");
    }

    private static string Platform
    {
        get
        {
            var linux = RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl" : "linux";
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : linux;
            return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    private static async Task CompileAsync(string compiler, string library, string temporary, CancellationToken cancellationToken)
    {
        var compiled = Path.Combine(temporary, Path.GetFileName(library));
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        var web = Path.Combine(Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location)!, "*.dll");
        string[] arguments = [library,
            "--out",
            compiled,
            "-O",
            .. CrossModule,
            "-r",
            Path.Combine(runtime, "*.dll"),
            "-r",
            web,
            "-r",
            Path.Combine(Path.GetDirectoryName(library)!, "*.dll")];
        if ((await ToolProcess.RunAsync(compiler, arguments, temporary, cancellationToken)).ExitCode == 0)
            File.Move(compiled, library, overwrite: true);
    }
}
