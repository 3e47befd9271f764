using Microsoft.Data.Analysis;
using MnistLab.Data.Datasets;

namespace MnistLab.Notebooks;

/// <summary>Computes the class balance of sets.</summary>
public static class ClassBalance
{
    /// <summary>
    /// Returns a table with a row per digit, and for each set a column with the counts and one with the share in
    /// percent.
    /// </summary>
    /// <param name="sets">The sets, by name.</param>
    public static DataFrame Compute(params (string Name, ImageDataset Set)[] sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var table = new DataFrame(new Int32DataFrameColumn("digit", Enumerable.Range(0, 10)));
        foreach (var (name, set) in sets)
        {
            table.Columns.Add(new Int32DataFrameColumn(name, set.ClassCounts));
            table.Columns.Add(new DoubleDataFrameColumn(
                $"{name} %", set.ClassCounts.Select(count => Math.Round(100.0 * count / set.Count, 1))));
        }

        return table;
    }
}
