namespace MnistLab.Kernel;

/// <summary>Where all that a run makes goes: the outputs of its cells, and how far it has come.</summary>
internal interface IRunSink
{
    /// <summary>A cell begins.</summary>
    /// <returns>Where its outputs go, also those of work that outlives it.</returns>
    ICellSink Begin(CellProgress progress);

    /// <summary>The cell has ended.</summary>
    void End(CellProgress progress);
}

/// <summary>Where the outputs of one cell of a run go.</summary>
internal interface ICellSink : IOutputSink
{
    /// <summary>An output that the cell did not show itself: its value, its failure.</summary>
    void Add(NotebookOutput output);
}
