namespace MnistLab.Kernel;

/// <summary>
/// Where the output of a running cell goes, in the order in which the cell makes it. A front end implements it: the headless runner keeps the outputs,
/// a Jupyter kernel sends them.
/// </summary>
/// <remarks>A cell may start threads, so every member may be called from any thread, several at a time.</remarks>
public interface IOutputSink
{
    /// <summary>Text written to one of the console's streams. May be any part of a line; may hold <c>\r</c>.</summary>
    void Write(StreamName stream, string text);

    /// <summary>Something to show.</summary>
    /// <param name="data">The thing, in one or more forms.</param>
    /// <param name="displayId">The name by which <see cref="UpdateDisplay"/> finds it again.</param>
    void Display(MimeBundle data, string displayId);

    /// <summary>Replaces what was shown under this name, be it by this cell or by one before it.</summary>
    void UpdateDisplay(MimeBundle data, string displayId);

    /// <summary>Removes what the cell has shown so far.</summary>
    /// <param name="wait">Whether to remove it only when there is something new to show, so that nothing flickers.</param>
    void ClearOutput(bool wait);
}
