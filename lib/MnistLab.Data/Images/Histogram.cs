namespace MnistLab.Data.Images;

/// <summary>Computes quantiles of bytes by counting them.</summary>
internal static class Histogram
{
    /// <summary>Returns the smallest value such that at least the given share of all values is no greater.</summary>
    /// <param name="values">At least one value.</param>
    /// <param name="share">The share, in (0, 1].</param>
    public static byte Quantile(ReadOnlySpan<byte> values, double share)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (var value in values) counts[value]++;
        var rest = share * values.Length;
        var quantile = 0;
        while (quantile < 255 && (rest -= counts[quantile]) > 0) quantile++;
        return (byte)quantile;
    }
}
