using System.Diagnostics;
using System.Globalization;

namespace MnistLab.Kernel;

/// <summary>
/// A running cell as the code called from it sees it. The scope flows with asynchronous work and into threads that the
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
    /// Gets the cell that the calling thread worked for last; null if there is none. An exception that nobody caught
    /// has left the flow of its cell by the time it is handled.
    /// </summary>
    public static CellScope? LastOfThread => Current ?? _left;

    /// <summary>Returns the scope of code that no cell sends: what it writes is not kept.</summary>
    public static CellScope OfNoCell(CancellationToken cancellationToken = default) =>
        new(new StrayOutput(() => null), null, 0, new(), cancellationToken);

    /// <summary>Returns the same cell with code whose output goes elsewhere and that another token stops.</summary>
    public CellScope With(IOutputSink output, CancellationToken other) => new(output, input, number, turn, other);

    /// <summary>Returns the file that the cell counts as, for places in it and for relative paths.</summary>
    /// <param name="folder">The notebook's folder.</param>
    public string FileIn(string folder) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"cell {number}"));

    /// <summary>Gets where the cell's output goes.</summary>
    public IOutputSink Sink => sink;

    /// <summary>
    /// Gets where text goes that the calling thread writes: to its cell, also after the cell's end. A thread of a
    /// library's own (a logger writes from such a thread)
    /// does not work for the cell that happened to start it; its text goes to the cell that runs, or ran last.
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

    /// <summary>Gets whom the cell can ask; null if nobody can answer.</summary>
    public IInputSource? Input => input;

    /// <summary>Gets the number by which errors name the cell.</summary>
    public int Number => number;

    /// <summary>Gets the token that is canceled when the cell is to stop.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Keeps the cell's code back until it is taken by <see cref="TakeStart"/>.</summary>
    public void HoldBack(Action start) => _start = start;

    /// <summary>Returns the code that was kept back; null if there is none.</summary>
    public Action? TakeStart() => Interlocked.Exchange(ref _start, null);
}

/// <summary>Whose turn it is in a session.</summary>
internal sealed class CellTurn
{
    private volatile CellScope? _latest;

    /// <summary>Gets or sets the cell that runs, or ran last; null before the first.</summary>
    public CellScope? Latest
    {
        get => _latest;
        set => _latest = value;
    }
}
