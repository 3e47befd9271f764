using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Interactive;

/// <summary>Forwards the events of kernels and extensions to the sink of the cell that caused them.</summary>
/// <param name="current">
/// Returns the running cell, or the last one that ran, which receives the events that no cell caused.
/// </param>
internal sealed class KernelEventRouter(Func<CellScope?> current) : IObserver<KernelEvent>
{
    public void OnNext(KernelEvent value)
    {
        if ((CellScope.Current ?? current())?.Sink is not { } target) return;
        var sink = PublishedOutput.Behind(target);
        switch (value)
        {
            case CellDisplayProduced own: sink.Display(own.Data, own.ValueId); break;
            case CellDisplayUpdated own: sink.UpdateDisplay(own.Data, own.ValueId); break;
            case DisplayedValueProduced shown: sink.Display(DataOf(shown), shown.ValueId ?? Guid.NewGuid().ToString()); break;
            case DisplayedValueUpdated updated: sink.UpdateDisplay(DataOf(updated), updated.ValueId); break;
            case ReturnValueProduced { Value: not DisplayedValue } result: sink.Display(DataOf(result), Guid.NewGuid().ToString()); break;
            case StandardOutputValueProduced text: sink.Write(StreamName.Stdout, TextOf(text)); break;
            case StandardErrorValueProduced text: sink.Write(StreamName.Stderr, TextOf(text)); break;
            case ErrorProduced error: sink.Write(StreamName.Stderr, error.Message + "\n"); break;
        }
    }

    public void OnCompleted()
    {
        // The root kernel was disposed; there will be no more events.
    }

    public void OnError(Exception error) => (CellScope.Current ?? current())?.Sink.Write(StreamName.Stderr, error.Message + "\n");

    // Values are formatted by the rules of this kernel instead of the package's. Text that is already formatted in its
    // MIME type stays unchanged.
    private static MimeBundle DataOf(DisplayEvent shown)
    {
        var only = shown.FormattedValues.Count == 1 ? shown.FormattedValues.First() : null;
        if (only is not null && shown.Value is string text && text == only.Value) return MimeBundleFormatter.AsIs(only.MimeType, text);
        if (shown.Value is null or FormattedValue or IEnumerable<FormattedValue> && shown.FormattedValues.Count > 0)
            return shown.FormattedValues.Aggregate(MimeBundle.Empty, (bundle, form) =>
                bundle.With(form.MimeType, MimeBundleFormatter.AsIs(form.MimeType, form.Value)[form.MimeType]));
        var isPreferred = only is not null && only.MimeType == Formatter.GetPreferredMimeTypesFor(shown.Value?.GetType()).First();
        return isPreferred
            ? MimeBundleFormatter.Format(shown.Value)
            : MimeBundleFormatter.Format(shown.Value, [.. shown.FormattedValues.Select(form => form.MimeType)]);
    }

    private static string TextOf(DisplayEvent written) => written.FormattedValues.FirstOrDefault()?.Value ?? "";
}
