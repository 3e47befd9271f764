namespace MnistLab.Kernel;

/// <summary>What to call a cell in a list of cells.</summary>
internal static class CellTitle
{
    /// <summary>The first line of code that is neither blank nor a directive nor a using; a comment too, since it is there to tell. Else the first line.</summary>
    public static string Of(string source)
    {
        string[] lines = [.. source.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        return lines.FirstOrDefault(line => !line.StartsWith('#') && !line.StartsWith("using ", StringComparison.Ordinal)) ?? lines.FirstOrDefault() ?? "";
    }
}
