using Microsoft.Data.Analysis;
using MnistLab.Data.Datasets;

namespace MnistLab.Notebooks;

/// <summary>How many images of each digit the sets have.</summary>
public static class ClassBalance
{
    /// <summary>A table: a row per digit; a column of counts per set, and of the share within the set, in percent.</summary>
    /// <param name="sets">The sets, by name.</param>
    public static DataFrame Of(params (string Name, DigitSet Set)[] sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var table = new DataFrame(new Int32DataFrameColumn("digit", Enumerable.Range(0, 10)));
        foreach (var (name, set) in sets)
        {
            table.Columns.Add(new Int32DataFrameColumn(name, set.ClassCounts));
            table.Columns.Add(new DoubleDataFrameColumn($"{name} %", set.ClassCounts.Select(count => Math.Round(100.0 * count / set.Count, 1))));
        }

        return table;
    }
}
