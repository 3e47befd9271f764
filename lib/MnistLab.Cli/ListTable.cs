namespace MnistLab.Cli;

/// <summary>
/// Prints lists as tables: a line of headers, then one line per row, with each column as wide as its longest cell.
/// </summary>
/// <remarks>
/// The output is the same whether it goes to a terminal, a file, or another program: nothing is wrapped, cut, or
/// colored. Names and versions are ASCII, so the number of characters is the width.
/// </remarks>
internal static class ListTable
{
    private const string Gap = "  ";

    /// <param name="output">The writer that receives the table.</param>
    /// <param name="headers">The headers, in upper case.</param>
    /// <param name="rows">The rows, with one cell for each header.</param>
    public static void Write(TextWriter output, string[] headers, IEnumerable<string[]> rows)
    {
        string[][] all = [headers, .. rows];
        var widths = headers.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
            output.WriteLine(string.Join(Gap, row.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd());
    }
}
