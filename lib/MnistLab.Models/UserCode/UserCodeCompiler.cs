using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace MnistLab.Models.UserCode;

/// <summary>
/// Compiles C# files that belong to the user (the boot file of a training job, the inference code of a model) against the running platform.
/// </summary>
/// <remarks>
/// The same files run by themselves, as file-based apps: <c>dotnet run train_mnist.cs</c>. So the compiler gives them what the SDK gives such apps
/// (its implicit usings, nullable references, the newest C#), and passes over the <c>#!</c> and <c>#:</c> lines that are meant for the SDK:
/// what <c>#:project</c> and <c>#:package</c> ask for, the platform has loaded already.
/// </remarks>
public static class UserCodeCompiler
{
    // What the SDK puts in front of every file when ImplicitUsings is on: Microsoft.NET.Sdk.CSharp.props.
    private const string ImplicitUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions ParseOptions = new CSharpParseOptions(LanguageVersion.Latest)
        .WithFeatures([new KeyValuePair<string, string>("FileBasedProgram", "true")]);

    /// <summary>Compiles every <c>.cs</c> file of a folder (not of the folders below it) into one assembly.</summary>
    /// <exception cref="UserCodeException">There is no such folder or no C# file in it, or the files do not compile.</exception>
    public static UserAssembly CompileFolder(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder)) throw new UserCodeException($"There is no folder {folder}.");
        var files = Directory.GetFiles(folder, "*.cs").Order(StringComparer.Ordinal).ToArray();
        return files.Length > 0
            ? Compile(files, cancellationToken)
            : throw new UserCodeException($"There is no C# file in {folder}: put a file whose name ends with .cs there.");
    }

    /// <summary>
    /// Compiles files into one assembly and loads it: a program where one of the files has top-level statements or a <c>Main</c>, a class library otherwise.
    /// A file may have both top-level statements and classes; nothing of it runs until it is asked to.
    /// </summary>
    /// <param name="files">The paths of the files, at least one.</param>
    /// <param name="cancellationToken">Ends the compilation.</param>
    /// <exception cref="UserCodeException">
    /// A file is missing, empty or no C# (a web page, say), or the compiler objects; <see cref="UserCodeException.Diagnostics"/> then tells where.
    /// </exception>
    public static UserAssembly Compile(IReadOnlyList<string> files, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));

        var trees = files.Select(file => CSharpSyntaxTree.ParseText(SourceFile.Read(file), ParseOptions, file, cancellationToken)).ToArray();
        var usings = CSharpSyntaxTree.ParseText(ImplicitUsings, ParseOptions, cancellationToken: cancellationToken);
        var references = PlatformReferences.Find();
        var options = new CSharpCompilationOptions(
            trees.Any(tree => HasEntryPoint(tree.GetCompilationUnitRoot(cancellationToken))) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable,
            // The runtime binds to the version it has, whichever the reference names, as it does for the SDK's own builds.
            specificDiagnosticOptions: [new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)]);
        var compilation = CSharpCompilation.Create(
            $"UserCode-{Path.GetFileNameWithoutExtension(files[0])}", [.. trees, usings], references.Metadata, options);

        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        // Symbols, so that the stack trace of a failure names the line in the user's file.
        var result = compilation.Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancellationToken);
        if (!result.Success) throw Failure(files, result.Diagnostics);

        return new UserAssembly(files, assembly.ToArray(), symbols.ToArray(), new Lazy<PlatformReferences>(references));
    }

    private static bool HasEntryPoint(CompilationUnitSyntax file) => file.Members.OfType<GlobalStatementSyntax>().Any()
        || file.DescendantNodes().OfType<MethodDeclarationSyntax>().Any(method => method.Identifier.ValueText == "Main" && method.Modifiers.Any(SyntaxKind.StaticKeyword));

    private static UserCodeException Failure(IReadOnlyList<string> files, IEnumerable<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(Describe)
            .OrderBy(error => error.File, StringComparer.Ordinal).ThenBy(error => error.Line).ThenBy(error => error.Column)
            .ToArray();
        var names = string.Join(", ", files.Select(Path.GetFileName));
        return new UserCodeException(errors.FirstOrDefault(error => error.Id is "CS0017" or "CS8802") is null
            ? $"{names} does not compile:"
            : $"{names} has more than one entry point; keep one file with top-level statements, or one Main method:", errors);
    }

    private static UserCodeDiagnostic Describe(Diagnostic diagnostic)
    {
        var message = diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        if (!diagnostic.Location.IsInSource) return new UserCodeDiagnostic("", 0, 0, diagnostic.Id, message);
        var position = diagnostic.Location.GetLineSpan();
        return new UserCodeDiagnostic(position.Path, position.StartLinePosition.Line + 1, position.StartLinePosition.Character + 1, diagnostic.Id, message);
    }
}
