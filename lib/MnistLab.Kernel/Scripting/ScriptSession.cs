using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive;
using MnistLab.Hosting;

namespace MnistLab.Kernel;

/// <summary>
/// Runs the cells of a notebook one after the other: each sees the variables, types and usings of those before it, may define them anew, may await at top level,
/// and may end with an expression, whose value is its result. The dialect is that of C# scripts, with the directives of .NET Interactive.
/// </summary>
/// <remarks>
/// The usings that a cell need not write are those of .NET Interactive, so that a notebook that runs here runs there. One cell runs at a time.
/// A session takes over the process' console for what its cells write, and resolves assemblies for the whole process until it is disposed.
/// </remarks>
public sealed class ScriptSession : IDisposable
{
    private readonly string _folder;
    private readonly IOutputSink _sink;
    private readonly ScriptChain _chain;
    private readonly CompositeKernel _root;
    private readonly ExtensionLoader _extensions;
    private readonly ChartLibrary _charts;
    private readonly CellEditor _editor = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CellTurn _cells = new();
    private int _number;

    /// <summary>Begins a session.</summary>
    /// <param name="folder">The notebook's folder: relative paths in <c>#r</c> and <c>#load</c> start there. The process' current directory is left alone.</param>
    /// <param name="sink">Gets what the cells write and display.</param>
    public ScriptSession(string folder, IOutputSink sink)
        : this(folder, sink, null)
    {
    }

    /// <summary>Begins a session whose cells have sinks of their own.</summary>
    internal ScriptSession(string folder)
        : this(folder, new StrayOutput(() => null), null)
    {
    }

    /// <summary>Begins a session.</summary>
    /// <param name="folder">The notebook's folder.</param>
    /// <param name="sink">Gets what the cells write and display.</param>
    /// <param name="snapshots">What stands for the libraries that cells refer to, so that they can be rebuilt meanwhile; null if they are used where they are.</param>
    internal ScriptSession(string folder, IOutputSink sink, LibrarySnapshots? snapshots)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(sink);
        _folder = Path.GetFullPath(folder);
        _sink = sink;
        _chain = new(new(_folder, snapshots), _editor);
        ConsoleCapture.Install();
        _root = ScriptKernel.CreateRoot(_chain, _editor, () => _cells.Latest);
        _extensions = new(_root, _chain.References.LoadContext);
        _charts = new(_chain.References.LoadContext);
    }

    /// <summary>The namespaces, and the types with static members, that cells use without saying so.</summary>
    public static IReadOnlyList<string> DefaultUsings => ScriptChain.DefaultUsings;

    /// <summary>The session as .NET Interactive's extensions see it.</summary>
    internal CompositeKernel Root => _root;

    /// <summary>Runs a cell. A failure of the cell's is a result, not an exception.</summary>
    /// <param name="code">The cell's C#.</param>
    /// <param name="cancellationToken">
    /// Stops the cell: busy loops, waits and sleeps too, but not work that it has handed to other threads. The session can go on with the next cell.
    /// </param>
    public Task<CellResult> RunAsync(string code, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return RunAsync(new CellRequest(code, null, _sink, null), cancellationToken);
    }

    /// <summary>What could stand at a place of a cell that is being written; the cells that have run are known.</summary>
    /// <param name="code">The cell so far.</param>
    /// <param name="position">The place, in UTF-16 code units.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Completions> CompleteAsync(string code, int position, CancellationToken cancellationToken = default)
    {
        CheckPlace(code, position);
        return Task.Run(() => _editor.CompleteAsync(code, position, cancellationToken), cancellationToken);
    }

    /// <summary>What is known about the name at a place of a cell, or about the call whose arguments are there; null if there is nothing.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">The place, in UTF-16 code units.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CellDescription?> DescribeAsync(string code, int position, CancellationToken cancellationToken = default)
    {
        CheckPlace(code, position);
        return Task.Run(() => _editor.DescribeAsync(code, position, cancellationToken), cancellationToken);
    }

    /// <summary>Returns the call whose arguments are being written at a place of a cell; null if there is none.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">The place, in UTF-16 code units.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CallDescription?> SignaturesAsync(string code, int position, CancellationToken cancellationToken = default)
    {
        CheckPlace(code, position);
        return Task.Run(() => _editor.SignaturesAsync(code, position, cancellationToken), cancellationToken);
    }

    /// <summary>Returns the errors and warnings of a cell as it stands; what its directives bring is not known before it has run.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<Microsoft.CodeAnalysis.Diagnostic>> DiagnoseAsync(string code, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Task.Run(() => _editor.DiagnoseAsync(code, cancellationToken), cancellationToken);
    }

    /// <summary>Whether a cell can be run as it stands.</summary>
    public static Completeness CompletenessOf(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var tree = CSharpSyntaxTree.ParseText(CellSource.CSharpOf(code), ScriptChain.Dialect);
        if (!SyntaxFactory.IsCompleteSubmission(tree)) return Completeness.Incomplete;
        return tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) ? Completeness.Invalid : Completeness.Complete;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _root.Dispose();
        _editor.Dispose();
        _chain.Dispose();
        _turn.Dispose();
    }

    /// <summary>Does what else the first cell would wait for: loads the compiler and reads the platform. A cell that comes meanwhile waits for the rest of it.</summary>
    internal Task WarmUpAsync() => RunAsync(new CellRequest("1", 0, new StrayOutput(() => null), null), CancellationToken.None);

    /// <summary>Pre-JITs the editor, so that the first completion does not pay for it.</summary>
    internal Task WarmUpEditorAsync(CancellationToken cancellationToken) =>
        Task.Run(() => _editor.WarmUpAsync(cancellationToken), cancellationToken);

    /// <summary>Runs a cell with outputs of its own.</summary>
    internal async Task<CellResult> RunAsync(CellRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new(request.Number ?? _number, null, CellErrors.Interrupted());
        }

        try
        {
            var number = request.Number ?? ++_number;
            var scope = _cells.Latest = new CellScope(request.Sink, request.Input, number, _cells, cancellationToken);
            ConsoleCapture.Restore();
            // Compiling is work: it must not hold up a caller that has its messages to answer.
            var run = new CellRun(_chain, _root, _extensions, _charts, _folder, scope);
            return await Task.Run(() => run.RunAsync(request.Code), CancellationToken.None);
        }
        finally
        {
            NativeOutput.Flush();
            ConsoleCapture.Restore();
            _turn.Release();
        }
    }

    private static void CheckPlace(string code, int position)
    {
        ArgumentNullException.ThrowIfNull(code);
        NumberRange.RequireInRange(position, 0, code.Length);
    }
}
