using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using MnistLab.Hosting;

namespace MnistLab.Kernel;

/// <summary>
/// Adds machine code to the libraries of an installed kernel, with the SDK's own ahead-of-time compiler (Crossgen2). The compiler that runs cells is published as IL:
/// each kernel that starts would spend a second or two on making machine code of it.
/// </summary>
/// <remarks>A library that cannot be compiled stays as it is; everything works without machine code, and starts more slowly.</remarks>
/// <param name="feed">The folder to take the compiler's package from; null for the feeds that NuGet is configured with.</param>
/// <param name="version">The version of the compiler; null for that of the runtime.</param>
internal sealed class AheadOfTimeCompiler(string? feed = null, string? version = null)
{
    private const string ProjectName = "compiler.csproj";

    // The editor's packages bring it, and none of its code runs.
    private const string OtherLanguage = "Microsoft.CodeAnalysis.VisualBasic.";

    // What a start and the first cells run through. The rest is rarely used, or brings machine code of its own.
    private static readonly string[] Families =
        ["MnistLab", "AsyncIO", "Markdig", "NetMQ", "Microsoft.CodeAnalysis", "Microsoft.DotNet.Interactive", "System.Composition", "System.CommandLine", "System.Reactive"];

    /// <summary>Compiles the libraries of a program's folder that have no machine code yet, each in its place.</summary>
    /// <param name="folder">The folder, which nothing runs from yet.</param>
    /// <param name="progress">Gets the name of each library before it is compiled.</param>
    /// <param name="cancellationToken">Stops after the library that is being compiled; those that follow stay as they are.</param>
    /// <exception cref="ScratchFolderException">The temporary folder cannot be used.</exception>
    /// <returns>Why nothing could be compiled; null if it was.</returns>
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
        foreach (var library in Directory.GetFiles(folder, "*.dll").Where(IsOfFamily).Where(file => !HasMachineCode(file)).Order(StringComparer.Ordinal))
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

    // A package that a project made for the purpose asks for: feeds, credentials and caches are those that NuGet is configured with.
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
        if (restored.ExitCode != 0) return (null, $"NuGet did not find {package} {wanted}: {restored.Output.Trim()}");

        var root = await ToolProcess.RunAsync(DotnetHost.Path, ["msbuild", ProjectName, "-getProperty:NuGetPackageRoot"], folder, cancellationToken);
        var compiler = Path.Combine(root.Output.Trim(), package.ToLowerInvariant(), wanted, "tools", OperatingSystem.IsWindows() ? "crossgen2.exe" : "crossgen2");
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
        string[] arguments = [library, "--out", compiled, "-O", "-r", Path.Combine(runtime, "*.dll"), "-r", web, "-r", Path.Combine(Path.GetDirectoryName(library)!, "*.dll")];
        if ((await ToolProcess.RunAsync(compiler, arguments, temporary, cancellationToken)).ExitCode == 0) File.Move(compiled, library, overwrite: true);
    }
}
