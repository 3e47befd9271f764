using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Cells;

/// <summary>
/// Routes output that cannot be attributed to a cell, such as that of a thread that does not flow the context of its
/// cell, to the running cell, or to the last one that ran.
/// </summary>
internal sealed class StrayOutput(Func<IOutputSink?> current) : IOutputSink
{
    public void Write(StreamName stream, string text) => current()?.Write(stream, text);

    public void Display(MimeBundle data, string displayId) => current()?.Display(data, displayId);

    public void UpdateDisplay(MimeBundle data, string displayId) => current()?.UpdateDisplay(data, displayId);

    public void ClearOutput(bool wait) => current()?.ClearOutput(wait);
}
