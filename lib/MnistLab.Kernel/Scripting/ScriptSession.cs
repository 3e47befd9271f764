using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;
using Microsoft.DotNet.Interactive;

namespace MnistLab.Kernel;

/// <summary>
/// Runs the cells of a notebook one after the other: each sees the variables, types and usings of those before it, may define them anew, may await at top level,
/// and may end with an expression, whose value is its result. The dialect is that of C# scripts.
/// </summary>
/// <remarks>
/// The usings that a cell need not write are those of .NET Interactive, so that a notebook that runs here runs there. One cell runs at a time.
/// A session takes over the process' console for what its cells write, and resolves assemblies for the whole process until it is disposed.
/// </remarks>
public sealed class ScriptSession : IDisposable
{
    private static readonly CSharpParseOptions Dialect = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    private readonly IOutputSink _sink;
    private readonly LibraryReferences _libraries;
    private readonly LibraryFolders _folders = new();
    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<string> _referenced = new(StringComparer.Ordinal);
    private readonly ScriptOptions _options;
    private ScriptState<object>? _state;
    private int _number;

    /// <summary>Begins a session.</summary>
    /// <param name="folder">The notebook's folder: relative paths in <c>#r</c> and <c>#load</c> start there. The process' current directory is left alone.</param>
    /// <param name="sink">Gets what the cells write and display.</param>
    public ScriptSession(string folder, IOutputSink sink)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        folder = Path.GetFullPath(folder);
        _libraries = new(folder);
        _options = ScriptOptions.Default
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithEmitDebugInformation(true)
            .WithAllowUnsafe(true)
            .WithFileEncoding(Encoding.UTF8)
            .WithReferences(Array.Empty<MetadataReference>())
            .WithImports()
            .WithMetadataResolver(_libraries)
            .WithSourceResolver(new SourceFileResolver([], folder));
        foreach (var known in new[] { typeof(ScriptSession).Assembly, typeof(Microsoft.DotNet.Interactive.Formatting.Formatter).Assembly }) _loader.RegisterDependency(known);
        ConsoleCapture.Install();
    }

    /// <summary>The namespaces, and the types with static members, that cells use without saying so.</summary>
    public static IReadOnlyList<string> DefaultUsings { get; } =
    [
        "System",
        "System.Collections",
        "System.Collections.Generic",
        "System.Linq",
        "System.Text",
        "System.Threading.Tasks",
        "Microsoft.AspNetCore.Html",
        typeof(Microsoft.DotNet.Interactive.Kernel).FullName!,
    ];

    /// <summary>Runs a cell. A failure of the cell's is a result, not an exception.</summary>
    /// <param name="code">The cell's C#.</param>
    /// <param name="cancellationToken">
    /// Stops the cell: busy loops, waits and sleeps too, but not work that it has handed to other threads. The session can go on with the next cell.
    /// </param>
    public async Task<CellResult> RunAsync(string code, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var number = ++_number;
            // Compiling is work: it must not hold up a caller that has its messages to answer.
            return await Task.Run(() => RunCellAsync(code, number, cancellationToken), CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _folders.Dispose();
        _loader.Dispose();
        _turn.Dispose();
    }

    private async Task<CellResult> RunCellAsync(string code, int number, CancellationToken cancellationToken)
    {
        try
        {
            var tree = CSharpSyntaxTree.ParseText(code, Dialect, cancellationToken: cancellationToken);
            var files = LibrariesOf(tree);
            var previous = _state ??= await BeginAsync(cancellationToken);
            // References and imports carry over from cell to cell. To give them again would make memory grow with the square of the number of cells.
            var script = previous.Script.ContinueWith<object>(code, _options
                .WithReferences(files.Select(_libraries.ReferenceTo))
                .WithFilePath(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cell {number}")));
            var errors = script.Compile(cancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            if (errors.Count > 0) return new(number, null, CellErrors.Compilation(errors));

            foreach (var file in files) _folders.Add(Path.GetDirectoryName(file)!);
            var state = await CellThread.RunAsync(() => RunScriptAsync(script, previous, cancellationToken), cancellationToken);
            _state = state;
            _referenced.UnionWith(files);
            if (state.Exception is { } thrown)
                return new(number, null, cancellationToken.IsCancellationRequested ? CellErrors.Interrupted() : CellErrors.Exception(thrown));
            var shows = EndsWithValue(script) && state.ReturnValue is not DisplayedValue;
            return new(number, shows ? Forms.Of(state.ReturnValue) : null, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(number, null, CellErrors.Interrupted());
        }
        // Whatever the user's cell or a formatter of theirs throws ends the cell, not the session.
        catch (Exception error)
        {
            return new(number, null, CellErrors.Exception(error));
        }
    }

    private Task<ScriptState<object>> RunScriptAsync(Script<object> script, ScriptState<object> previous, CancellationToken cancellationToken)
    {
        KernelInvocationContext.Begin(_sink, cancellationToken);
        return script.RunFromAsync(previous, _ => true, CancellationToken.None);
    }

    private async Task<ScriptState<object>> BeginAsync(CancellationToken cancellationToken)
    {
        var options = _options.WithReferences(PlatformAssemblies.References.Values).WithImports(DefaultUsings);
        return await CSharpScript.Create<object>("", options, assemblyLoader: _loader).RunAsync(cancellationToken: cancellationToken);
    }

    private List<string> LibrariesOf(SyntaxTree tree) =>
    [
        .. tree.GetCompilationUnitRoot().GetReferenceDirectives()
            .SelectMany(directive => _libraries.WithDependencies(directive.File.ValueText))
            .Distinct()
            .Where(file => !_referenced.Contains(file)),
    ];

    // A final expression without a semicolon, unless it has no value (a call of a void method, an awaited Task).
    private static bool EndsWithValue(Script<object> script)
    {
        var compilation = script.GetCompilation();
        var tree = compilation.SyntaxTrees.Last();
        return tree.GetRoot() is CompilationUnitSyntax { Members: [.., GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }] }
            && compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression).Type?.SpecialType != SpecialType.System_Void;
    }
}
