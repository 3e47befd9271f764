namespace MnistLab.Studio.Console.Charts;

/// <summary>Defines the colors of curves; each is readable on white and on black.</summary>
internal static class ChartColors
{
    private static readonly string[] All =
        ["#3b82d6", "#d9622b", "#2f9e5b", "#b14fc5", "#b8860b", "#1f9c9c", "#d6457b", "#7d8590"];

    /// <summary>Returns a color; the colors repeat after the last one.</summary>
    public static string Get(int index) => All[index % All.Length];
}
