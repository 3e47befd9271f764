namespace MnistLab.Kernel.Running;

/// <summary>Determines the title of a cell in a list of cells.</summary>
internal static class CellTitle
{
    /// <summary>
    /// Returns the first line that is neither blank, nor a directive, nor a using directive; a comment counts. If there
    /// is none, returns the first line that is not blank; empty if all are blank.
    /// </summary>
    public static string From(string source)
    {
        string[] lines = [.. source.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        return lines.FirstOrDefault(line => line[0] != '#' && !line.StartsWith("using ", StringComparison.Ordinal))
            ?? lines.FirstOrDefault()
            ?? "";
    }
}
