using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Cells;

/// <summary>
/// Represents the destination of the output of a running cell, in the order in which the cell produces it. Each front
/// end implements it: the headless runner collects the outputs, a Jupyter kernel sends them.
/// </summary>
/// <remarks>Implementations must be thread-safe, because a cell may start threads.</remarks>
public interface IOutputSink
{
    /// <summary>
    /// Writes text to one of the console streams. The text may be any part of a line, and may contain <c>\r</c>.
    /// </summary>
    void Write(StreamName stream, string text);

    /// <summary>Displays data.</summary>
    /// <param name="data">The data in one or more representations.</param>
    /// <param name="displayId">The ID by which <see cref="UpdateDisplay"/> finds the display.</param>
    void Display(MimeBundle data, string displayId);

    /// <summary>Replaces the data of the display with this ID, which this cell or an earlier one created.</summary>
    void UpdateDisplay(MimeBundle data, string displayId);

    /// <summary>Removes the outputs of the cell so far.</summary>
    /// <param name="wait">Whether to delay the removal until the next output, which avoids flickering.</param>
    void ClearOutput(bool wait);
}
