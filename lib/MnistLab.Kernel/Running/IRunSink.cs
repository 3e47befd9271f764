using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>Represents the destination of the outputs and the progress of a run.</summary>
internal interface IRunSink
{
    /// <summary>Begins a cell.</summary>
    /// <returns>The sink for the outputs of the cell, including those of its background work.</returns>
    ICellSink Begin(CellProgress progress);

    /// <summary>Ends the cell that began last.</summary>
    void End(CellProgress progress);
}

/// <summary>Represents the destination of the outputs of a cell.</summary>
internal interface ICellSink : IOutputSink
{
    /// <summary>Adds an output that the cell did not display itself: its value or its error.</summary>
    void Add(NotebookOutput output);
}
