namespace MnistLab.Kernel;

internal static class CellsOfNotebook
{
    /// <summary>The cells that hold code to run, in order.</summary>
    public static IEnumerable<NotebookCell> CellsToRun(this NotebookDocument notebook) =>
        notebook.Cells.Where(cell => cell.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(cell.Source));
}
