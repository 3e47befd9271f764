namespace MnistLab.Models.UserCode;

/// <summary>
/// Recognizes web pages, which are often saved or uploaded in place of the file that they show.
/// </summary>
public static class WebPage
{
    private static readonly string[] Beginnings = ["<!DOCTYPE", "<html", "<head", "<?xml", "<!--"];

    /// <summary>Returns whether a text, of which the beginning suffices, is a web page.</summary>
    public static bool IsMatch(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = text.AsSpan().TrimStart("\uFEFF \t\r\n");
        foreach (var beginning in Beginnings)
        {
            if (start.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
