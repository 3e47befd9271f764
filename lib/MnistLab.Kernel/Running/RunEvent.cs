using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MnistLab.Kernel;

/// <summary>
/// What the process of a notebook tells whoever started it: every call of its <see cref="IRunSink"/>, and the end. The
/// text that the running cell writes is not among it,
/// but lies between the events. A cell is named by its number.
/// </summary>
[JsonDerivedType(typeof(Begun), "begun")]
[JsonDerivedType(typeof(Wrote), "wrote")]
[JsonDerivedType(typeof(Added), "added")]
[JsonDerivedType(typeof(Displayed), "displayed")]
[JsonDerivedType(typeof(Updated), "updated")]
[JsonDerivedType(typeof(Cleared), "cleared")]
[JsonDerivedType(typeof(Ended), "ended")]
[JsonDerivedType(typeof(Finished), "finished")]
internal abstract record RunEvent
{
    /// <summary>A cell begins.</summary>
    public sealed record Begun(CellProgress Progress) : RunEvent;

    /// <summary>Text on a stream.</summary>
    public sealed record Wrote(int Cell, StreamName Stream, string Text) : RunEvent;

    /// <summary>An output, in the form of nbformat.</summary>
    public sealed record Added(int Cell, JsonObject Output) : RunEvent;

    /// <summary>Something is shown, as nbformat's <c>display_data</c>.</summary>
    public sealed record Displayed(int Cell, JsonObject Output, string DisplayId) : RunEvent;

    /// <summary>Something that was shown is replaced.</summary>
    public sealed record Updated(int Cell, JsonObject Output, string DisplayId) : RunEvent;

    /// <summary>What the cell has shown is removed.</summary>
    public sealed record Cleared(int Cell, bool Wait) : RunEvent;

    /// <summary>The cell has ended.</summary>
    public sealed record Ended(CellProgress Progress) : RunEvent;

    /// <summary>The run has ended, and with it the events.</summary>
    /// <param name="Failures">How many cells failed.</param>
    public sealed record Finished(int Failures) : RunEvent;
}
