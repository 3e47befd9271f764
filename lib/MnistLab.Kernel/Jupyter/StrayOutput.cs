namespace MnistLab.Kernel;

/// <summary>Output that no cell can be seen to have made, such as that of a thread started without its cell's context: it goes to the cell that runs, or ran last.</summary>
internal sealed class StrayOutput(Func<IOutputSink?> current) : IOutputSink
{
    public void Write(StreamName stream, string text) => current()?.Write(stream, text);

    public void Display(MimeBundle data, string displayId) => current()?.Display(data, displayId);

    public void UpdateDisplay(MimeBundle data, string displayId) => current()?.UpdateDisplay(data, displayId);

    public void ClearOutput(bool wait) => current()?.ClearOutput(wait);
}
