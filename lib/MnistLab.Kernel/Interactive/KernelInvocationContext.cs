using MnistLab.Kernel;

namespace Microsoft.DotNet.Interactive;

/// <summary>The running cell, as code called from it sees it. It flows with asynchronous work and into threads that the cell starts.</summary>
public sealed class KernelInvocationContext
{
    private static readonly AsyncLocal<KernelInvocationContext?> OfThisFlow = new();

    private KernelInvocationContext(IOutputSink sink, IInputSource? input, CancellationToken cancellationToken) =>
        (Sink, Input, CancellationToken) = (sink, input, cancellationToken);

    /// <summary>The running cell.</summary>
    /// <exception cref="InvalidOperationException">The calling code was not started by a cell.</exception>
    public static KernelInvocationContext Current =>
        Optional ?? throw new InvalidOperationException("Nothing can be displayed from here: this code was not started by a cell of a notebook.");

    /// <summary>Cancelled when the cell is to stop.</summary>
    public CancellationToken CancellationToken { get; }

    internal static KernelInvocationContext? Optional => OfThisFlow.Value;

    internal IOutputSink Sink { get; }

    /// <summary>Whom the cell can ask; null if there is nobody.</summary>
    internal IInputSource? Input { get; }

    /// <summary>Shows a value, in the forms that its type prefers or in those that are asked for.</summary>
    public DisplayedValue Display(object? value, params string[] mimeTypes)
    {
        ArgumentNullException.ThrowIfNull(mimeTypes);
        return Show(Forms.Of(value, mimeTypes), mimeTypes);
    }

    /// <summary>Shows text that is already in the form of this mime type.</summary>
    public DisplayedValue DisplayAs(string content, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(content);
        return Show(Forms.AsIs(mimeType, content), [mimeType]);
    }

    internal static void Begin(IOutputSink sink, IInputSource? input, CancellationToken cancellationToken) => OfThisFlow.Value = new(sink, input, cancellationToken);

    private DisplayedValue Show(MimeBundle data, string[] mimeTypes)
    {
        var shown = new DisplayedValue(Guid.NewGuid().ToString(), mimeTypes, Sink);
        Sink.Display(data, shown.DisplayId);
        return shown;
    }
}
