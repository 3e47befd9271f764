namespace MnistLab.Kernel;

/// <summary>A cell to run.</summary>
/// <param name="Code">Its text.</param>
/// <param name="Number">The number by which errors name it; null for the session's next.</param>
/// <param name="Sink">Gets what it writes and displays.</param>
/// <param name="Input">Whom it can ask; null if there is nobody.</param>
internal sealed record CellRequest(string Code, int? Number, IOutputSink Sink, IInputSource? Input);
