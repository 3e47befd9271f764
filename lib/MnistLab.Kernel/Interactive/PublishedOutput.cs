using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Interactive;

/// <summary>
/// Publishes the text output of submitted code as events, which the router of the session forwards to the underlying
/// sink. Displays, and text written after the end of the command, go to that sink directly.
/// </summary>
/// <param name="context">The context that publishes the events.</param>
/// <param name="command">The command whose code runs.</param>
/// <param name="behind">The underlying sink, which receives the output of the cell.</param>
internal sealed class PublishedOutput(KernelInvocationContext context, KernelCommand command, IOutputSink behind) : IOutputSink
{
    private readonly IOutputSink _behind = behind;

    /// <summary>Returns the underlying sink of a sink that publishes; otherwise, the sink itself.</summary>
    public static IOutputSink Behind(IOutputSink sink) => sink is PublishedOutput published ? published._behind : sink;

    public void Write(StreamName stream, string text)
    {
        FormattedValue[] written = [new(PlainTextFormatter.MimeType, text)];
        if (context.IsComplete) _behind.Write(stream, text);
        else if (stream == StreamName.Stdout) context.Publish(new StandardOutputValueProduced(command, written));
        else context.Publish(new StandardErrorValueProduced(command, written));
    }

    public void Display(MimeBundle data, string displayId) => _behind.Display(data, displayId);

    public void UpdateDisplay(MimeBundle data, string displayId) => _behind.UpdateDisplay(data, displayId);

    public void ClearOutput(bool wait) => _behind.ClearOutput(wait);
}
