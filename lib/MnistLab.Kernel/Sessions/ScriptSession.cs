using Microsoft.DotNet.Interactive;
using MnistLab.Hosting;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Editing;
using MnistLab.Kernel.Interactive;
using MnistLab.Kernel.Libraries;
using MnistLab.Kernel.Scripting;

namespace MnistLab.Kernel.Sessions;

/// <summary>
/// Runs the cells of a notebook sequentially. Each cell sees the variables, types, and usings of the previous ones, can
/// redeclare them, can await at the top level, and can end with an expression, whose value is its result. The dialect
/// is C# script with the directives of .NET Interactive.
/// </summary>
/// <remarks>
/// The default usings are those of .NET Interactive, so that a notebook that runs here runs there as well. One cell
/// runs at a time. A session redirects the console of the process for the output of its cells, and resolves assemblies
/// for the whole process until it is disposed.
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

    /// <summary>Initializes a session.</summary>
    /// <param name="folder">
    /// The folder of the notebook, which relative paths in <c>#r</c> and <c>#load</c> start at. The current directory
    /// of the process is not changed.
    /// </param>
    /// <param name="sink">The sink that receives the output of the cells.</param>
    public ScriptSession(string folder, IOutputSink sink)
        : this(folder, sink, null)
    {
    }

    /// <summary>Initializes a session whose cells specify their sinks.</summary>
    internal ScriptSession(string folder)
        : this(folder, new StrayOutput(() => null), null)
    {
    }

    /// <summary>Initializes a session.</summary>
    /// <param name="folder">The folder of the notebook.</param>
    /// <param name="sink">The sink that receives the output of the cells.</param>
    /// <param name="snapshots">
    /// The snapshots to use instead of the libraries that cells reference, so that these can be rebuilt meanwhile; null
    /// to use the libraries themselves.
    /// </param>
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

    /// <summary>Gets the namespaces, and the types with static members, that are imported in every cell.</summary>
    public static IReadOnlyList<string> DefaultUsings => CellPrelude.DefaultUsings;

    /// <summary>Gets the root kernel of the session, which .NET Interactive extensions use.</summary>
    internal CompositeKernel Root => _root;

    /// <summary>Runs a cell. An error of the cell is returned as its result, not thrown as an exception.</summary>
    /// <param name="code">The code of the cell.</param>
    /// <param name="cancellationToken">
    /// A token that interrupts the cell, including busy loops, waits, and sleeps, but not its work on other threads.
    /// The session can continue with the next cell.
    /// </param>
    public Task<CellResult> RunAsync(string code, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return RunAsync(new CellRequest(code, null, _sink, null), cancellationToken);
    }

    /// <summary>
    /// Returns the completions at a position in a cell that is being written, including the declarations of the cells
    /// that have run.
    /// </summary>
    /// <param name="code">The cell so far.</param>
    /// <param name="position">The position, in UTF-16 code units.</param>
    /// <param name="cancellationToken">A token that cancels the request.</param>
    public Task<Completions> CompleteAsync(string code, int position, CancellationToken cancellationToken = default)
    {
        CheckPlace(code, position);
        return Task.Run(() => _editor.CompleteAsync(code, position, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Returns a description of the name at a position in a cell, or of the call whose argument list contains the
    /// position; null if there is neither.
    /// </summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">The position, in UTF-16 code units.</param>
    /// <param name="cancellationToken">A token that cancels the request.</param>
    public Task<CellDescription?> DescribeAsync(string code, int position, CancellationToken cancellationToken = default)
    {
        CheckPlace(code, position);
        return Task.Run(() => _editor.DescribeAsync(code, position, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Returns the call whose arguments are being written at a position in a cell; null if there is none.
    /// </summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">The position, in UTF-16 code units.</param>
    /// <param name="cancellationToken">A token that cancels the request.</param>
    public Task<CallDescription?> SignaturesAsync(string code, int position, CancellationToken cancellationToken = default)
    {
        CheckPlace(code, position);
        return Task.Run(() => _editor.SignaturesAsync(code, position, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Returns the errors and warnings of a cell in its current state. The effects of its directives are not known
    /// before it has run.
    /// </summary>
    /// <param name="code">The cell.</param>
    /// <param name="cancellationToken">A token that cancels the request.</param>
    public Task<IReadOnlyList<Microsoft.CodeAnalysis.Diagnostic>> DiagnoseAsync(string code, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Task.Run(() => _editor.DiagnoseAsync(code, cancellationToken), cancellationToken);
    }

    /// <summary>Returns whether the code of a cell is complete.</summary>
    public static Completeness CompletenessOf(string code) => CellCompleteness.Of(code);

    /// <inheritdoc/>
    public void Dispose()
    {
        _root.Dispose();
        _editor.Dispose();
        _chain.Dispose();
        _turn.Dispose();
    }

    /// <summary>
    /// Loads the compiler and the platform references, so that the first cell does not pay for it. A cell that arrives
    /// meanwhile waits until the loading has completed.
    /// </summary>
    internal Task WarmUpAsync() => RunAsync(new CellRequest("1", 0, new StrayOutput(() => null), null), CancellationToken.None);

    /// <summary>Pre-JITs the editor, so that the first completion does not pay for it.</summary>
    internal Task WarmUpEditorAsync(CancellationToken cancellationToken) =>
        Task.Run(() => _editor.WarmUpAsync(cancellationToken), cancellationToken);

    /// <summary>Runs a cell with a separate sink and input source.</summary>
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
            // Runs on the thread pool, because compilation must not block a caller that has to process messages.
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
