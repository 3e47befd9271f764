using MnistLab.Kernel;

namespace Microsoft.DotNet.Interactive;

/// <summary>Something that was displayed, and can be replaced, also from a later cell.</summary>
public sealed class DisplayedValue
{
    private readonly IOutputSink _sink;

    internal DisplayedValue(string displayId, IReadOnlyCollection<string> mimeTypes, IOutputSink sink) => (DisplayId, MimeTypes, _sink) = (displayId, mimeTypes, sink);

    /// <summary>The name of what was displayed.</summary>
    public string DisplayId { get; }

    /// <summary>The forms that were asked for; none for those that the value's type prefers.</summary>
    public IReadOnlyCollection<string> MimeTypes { get; }

    /// <summary>Shows another value in this one's place, in the same forms.</summary>
    public void Update(object? updatedValue) =>
        // Through the cell that runs now, whose output a front end listens to; the cell that displayed the value may be long done.
        (KernelInvocationContext.Optional?.Sink ?? _sink).UpdateDisplay(Forms.Of(updatedValue, MimeTypes), DisplayId);
}
