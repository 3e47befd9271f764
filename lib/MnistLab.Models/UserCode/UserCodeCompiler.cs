using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace MnistLab.Models.UserCode;

/// <summary>
/// Compiles the user's C# files (the boot file of a training job, or the inference code of a model) against the running
/// platform.
/// </summary>
/// <remarks>
/// The same files can run on their own as file-based apps: <c>dotnet run train_mnist.cs</c>. Therefore, the compiler
/// uses the SDK's settings for such apps (implicit usings, nullable references, and the latest C# version), and ignores
/// the <c>#!</c> and <c>#:</c> lines meant for the SDK; the platform has already loaded the references of
/// <c>#:project</c> and <c>#:package</c>.
/// </remarks>
public static class UserCodeCompiler
{
    // The global usings that the SDK adds when ImplicitUsings is enabled; see Microsoft.NET.Sdk.CSharp.props.
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

    /// <summary>
    /// Compiles files into one assembly and loads it. The result is a program if one of the files has top-level
    /// statements or a <c>Main</c> method, and otherwise a class library. Compiling does not run any of the code.
    /// </summary>
    /// <param name="files">The paths of the files, at least one.</param>
    /// <param name="cancellationToken">Cancels the compilation.</param>
    /// <exception cref="UserCodeException">A file is missing, empty, or not C# (for example, a web page), or the files
    /// do not compile; in the last case, <see cref="UserCodeException.Diagnostics"/> contains the errors.</exception>
    public static UserAssembly Compile(IReadOnlyList<string> files, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));

        var trees = files
            .Select(file => CSharpSyntaxTree.ParseText(SourceFile.Read(file), ParseOptions, file, cancellationToken))
            .ToArray();
        var usings = CSharpSyntaxTree.ParseText(ImplicitUsings, ParseOptions, cancellationToken: cancellationToken);
        var references = PlatformReferences.Find();
        var options = new CSharpCompilationOptions(
            trees.Any(tree => HasEntryPoint(tree.GetCompilationUnitRoot(cancellationToken)))
                ? OutputKind.ConsoleApplication
                : OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable,
            // The runtime binds to its own version of an assembly, whichever version is referenced; the SDK suppresses
            // these warnings as well.
            specificDiagnosticOptions: [new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)]);
        var compilation = CSharpCompilation.Create(
            $"UserCode-{Path.GetFileNameWithoutExtension(files[0])}", [.. trees, usings], references.Metadata, options);

        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        // Symbols are emitted so that stack traces contain the line numbers of the user's file.
        var result = compilation.Emit(
            assembly,
            symbols,
            options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb),
            cancellationToken: cancellationToken);
        if (!result.Success) throw Failure(files, result.Diagnostics);

        return new UserAssembly(files, assembly.ToArray(), symbols.ToArray(), new Lazy<PlatformReferences>(references));
    }

    private static bool HasEntryPoint(CompilationUnitSyntax file) => file.Members.OfType<GlobalStatementSyntax>().Any()
        || file
            .DescendantNodes()
            .OfType<MethodDeclarationSyntax>()
            .Any(method => method.Identifier.ValueText == "Main" && method.Modifiers.Any(SyntaxKind.StaticKeyword));

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
        return new UserCodeDiagnostic(
            position.Path,
            position.StartLinePosition.Line + 1,
            position.StartLinePosition.Character + 1,
            diagnostic.Id,
            message);
    }
}
