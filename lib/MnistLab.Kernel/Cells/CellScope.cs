using System.Diagnostics;
using System.Globalization;

namespace MnistLab.Kernel.Cells;

/// <summary>
/// Represents the ambient context of a running cell. The scope flows with asynchronous work and into threads that the
/// cell starts.
/// </summary>
internal sealed class CellScope(
    IOutputSink sink, IInputSource? input, int number, CellTurn turn, CancellationToken cancellationToken)
{
    [ThreadStatic]
    private static CellScope? _left;

    [ThreadStatic]
    private static bool? _isOfLibrary;

    private static readonly AsyncLocal<CellScope?> OfThisFlow = new(change =>
    {
        if (change.ThreadContextChanged && change.PreviousValue is { } left) _left = left;
    });

    private Action? _start;

    /// <summary>Gets or sets the cell that the calling code belongs to; null if no cell started it.</summary>
    public static CellScope? Current
    {
        get => OfThisFlow.Value;
        set => OfThisFlow.Value = value;
    }

    /// <summary>
    /// Gets the cell that the calling thread worked for last; null if there is none. An unhandled exception has already
    /// left the execution context of its cell when it is handled.
    /// </summary>
    public static CellScope? LastOfThread => Current ?? _left;

    /// <summary>
    /// Returns whether an exception results from interrupting the calling cell, so that work must stop instead of
    /// handling the exception.
    /// </summary>
    public static bool IsInterruption(Exception error) =>
        error is ThreadAbortException or ThreadInterruptedException
        || Current?.CancellationToken.IsCancellationRequested == true;

    /// <summary>Returns a scope for code that does not belong to a cell. Its output is discarded.</summary>
    public static CellScope OfNoCell(CancellationToken cancellationToken = default) =>
        new(new StrayOutput(() => null), null, 0, new(), cancellationToken);

    /// <summary>Returns a scope of the same cell with another sink and cancellation token.</summary>
    public CellScope With(IOutputSink output, CancellationToken other) => new(output, input, number, turn, other);

    /// <summary>Returns the virtual file name of the cell, for error positions and relative paths.</summary>
    /// <param name="folder">The folder of the notebook.</param>
    public string FileIn(string folder) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"cell {number}"));

    /// <summary>Gets the sink that receives the output of the cell.</summary>
    public IOutputSink Sink => sink;

    /// <summary>
    /// Gets the sink for text that the calling thread writes: that of its cell, even after the end of the cell. A
    /// library's own thread, such as a logger's, does not work for the cell that happened to start it, so its text goes
    /// to the running cell, or to the last one that ran.
    /// </summary>
    public IOutputSink TextSink
    {
        get
        {
            if (turn.Latest is not { } latest || ReferenceEquals(latest, this)) return sink;
            if (Thread.CurrentThread.IsThreadPoolThread) return sink;
            _isOfLibrary ??= new StackTrace().GetFrames().All(frame => CellAssemblies.ScopeOf(frame.GetMethod()) is null);
            return _isOfLibrary.Value ? latest.Sink : sink;
        }
    }

    /// <summary>Gets the input source of the cell; null if input is not available.</summary>
    public IInputSource? Input => input;

    /// <summary>Gets the number by which errors refer to the cell.</summary>
    public int Number => number;

    /// <summary>Gets the token that is canceled when the cell is interrupted.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Stores the code of the cell until <see cref="TakeStart"/> takes it.</summary>
    public void HoldBack(Action start) => _start = start;

    /// <summary>Returns the stored code and removes it; null if there is none.</summary>
    public Action? TakeStart() => Interlocked.Exchange(ref _start, null);
}

/// <summary>Represents the current cell of a session.</summary>
internal sealed class CellTurn
{
    private volatile CellScope? _latest;

    /// <summary>Gets or sets the running cell, or the last one that ran; null before the first.</summary>
    public CellScope? Latest
    {
        get => _latest;
        set => _latest = value;
    }
}
