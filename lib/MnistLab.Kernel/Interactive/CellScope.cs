namespace MnistLab.Kernel;

/// <summary>The running cell: where its output goes, whom it can ask, and what stops it. Flows with asynchronous work and into threads that the cell starts.</summary>
internal sealed class CellScope(IOutputSink sink, IInputSource? input, int number, CancellationToken cancellationToken)
{
    private static readonly AsyncLocal<CellScope?> OfThisFlow = new();

    /// <summary>The cell that started the calling code; null if no cell did.</summary>
    public static CellScope? Current { get => OfThisFlow.Value; set => OfThisFlow.Value = value; }

    /// <summary>Gets what the cell writes and displays.</summary>
    public IOutputSink Sink => sink;

    /// <summary>Answers the cell's requests for input; null where nobody can.</summary>
    public IInputSource? Input => input;

    /// <summary>The cell's number.</summary>
    public int Number => number;

    /// <summary>Canceled when the cell is interrupted.</summary>
    public CancellationToken CancellationToken => cancellationToken;
}
