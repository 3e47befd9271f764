namespace MnistLab.Kernel.Documents;

internal static class CellsOfNotebook
{
    /// <summary>Returns the code cells that are not blank, in order.</summary>
    public static IEnumerable<NotebookCell> CellsToRun(this NotebookDocument notebook) =>
        notebook.Cells.Where(cell => cell.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(cell.Source));
}
