namespace MnistLab.Kernel;

/// <summary>Something that the cell displayed.</summary>
/// <param name="Data">The same thing in one or more forms.</param>
/// <param name="DisplayId">
/// The name under which a running cell updates this output. It means nothing after the run, so nbformat does not store it:
/// null in a notebook that was read from a file.
/// </param>
public sealed record DisplayOutput(MimeBundle Data, string? DisplayId = null) : NotebookOutput;
