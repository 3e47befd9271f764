using MnistLab.Kernel.Cells;

namespace MnistLab.Kernel.Sessions;

/// <summary>Represents a cell to run.</summary>
/// <param name="Code">The text of the cell.</param>
/// <param name="Number">The number by which errors refer to the cell; null for the next number of the session.</param>
/// <param name="Sink">The sink that receives the output of the cell.</param>
/// <param name="Input">The input source; null if input is not available.</param>
internal sealed record CellRequest(string Code, int? Number, IOutputSink Sink, IInputSource? Input);
