namespace MnistLab.Kernel;

/// <summary>Where all that a run makes goes: the outputs of its cells, and how far it has come.</summary>
internal interface IRunSink : IOutputSink
{
    /// <summary>A cell begins: what comes from now on is its output, even if code of an earlier cell makes it.</summary>
    void Begin(CellProgress progress);

    /// <summary>An output that the cell did not show itself: its value, its failure.</summary>
    void Add(NotebookOutput output);

    /// <summary>The cell has ended.</summary>
    void End(CellProgress progress);
}
