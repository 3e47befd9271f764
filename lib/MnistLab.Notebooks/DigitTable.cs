using Microsoft.Data.Analysis;
using MnistLab.Data.Datasets;

namespace MnistLab.Notebooks;

/// <summary>Measures the images of a set, as a data frame to group and sort.</summary>
public static class DigitTable
{
    // Paler pixels belong to the soft edge of the pen.
    private const byte Ink = 128;

    /// <summary>
    /// Returns a row per image: <c>digit</c>, the label; <c>ink</c>, the mean gray value in percent of full ink;
    /// <c>width</c> and <c>height</c> of the ink in pixels.
    /// </summary>
    public static DataFrame From(ImageDataset set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var rows = Enumerable.Range(0, set.Count).Select(i => Measure(set, i)).ToList();
        return new DataFrame(
            new Int32DataFrameColumn("digit", Enumerable.Range(0, set.Count).Select(set.Label)),
            new DoubleDataFrameColumn("ink", rows.Select(row => row.Ink)),
            new DoubleDataFrameColumn("width", rows.Select(row => (double)row.Width)),
            new DoubleDataFrameColumn("height", rows.Select(row => (double)row.Height)));
    }

    /// <summary>
    /// Returns the means for each digit: a row per digit with the means of ink, width, and height, rounded to one
    /// decimal.
    /// </summary>
    /// <param name="table">The result of <see cref="From"/>.</param>
    public static DataFrame MeansByDigit(DataFrame table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var means = table.GroupBy("digit").Mean("ink", "width", "height").OrderBy("digit");
        foreach (var name in new[] { "ink", "width", "height" })
        {
            var column = means.Columns[name];
            for (long row = 0; row < means.Rows.Count; row++) column[row] = Math.Round((double)column[row], 1);
        }

        return means;
    }

    private static (double Ink, int Width, int Height) Measure(ImageDataset set, int index)
    {
        var image = set.Image(index);
        var (left, right, top, bottom, sum) = (set.Columns, -1, set.Rows, -1, 0);
        for (var pixel = 0; pixel < image.Length; pixel++)
        {
            sum += image[pixel];
            if (image[pixel] < Ink) continue;
            var (row, column) = Math.DivRem(pixel, set.Columns);
            (left, right) = (Math.Min(left, column), Math.Max(right, column));
            (top, bottom) = (Math.Min(top, row), Math.Max(bottom, row));
        }

        var ink = 100.0 * sum / (255 * image.Length);
        return right < 0 ? (ink, 0, 0) : (ink, right - left + 1, bottom - top + 1);
    }
}
