using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>
/// Represents a message of the process of a notebook to its parent process: a call of its <see cref="IRunSink"/>, or
/// the end of the run. Text that the running cell writes to standard output is sent between the events, not as an
/// event. Events identify a cell by its number.
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
    /// <summary>A cell began.</summary>
    public sealed record Begun(CellProgress Progress) : RunEvent;

    /// <summary>A cell wrote text to a stream.</summary>
    public sealed record Wrote(int Cell, StreamName Stream, string Text) : RunEvent;

    /// <summary>An output was added, in the format of nbformat.</summary>
    public sealed record Added(int Cell, JsonObject Output) : RunEvent;

    /// <summary>A cell displayed data, which is a <c>display_data</c> output of nbformat.</summary>
    public sealed record Displayed(int Cell, JsonObject Output, string DisplayId) : RunEvent;

    /// <summary>A cell replaced the data of a display.</summary>
    public sealed record Updated(int Cell, JsonObject Output, string DisplayId) : RunEvent;

    /// <summary>A cell cleared its outputs.</summary>
    public sealed record Cleared(int Cell, bool Wait) : RunEvent;

    /// <summary>A cell ended.</summary>
    public sealed record Ended(CellProgress Progress) : RunEvent;

    /// <summary>The run ended. This is the last event.</summary>
    /// <param name="Failures">The number of failed cells.</param>
    public sealed record Finished(int Failures) : RunEvent;
}
