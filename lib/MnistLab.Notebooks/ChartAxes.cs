using Plotly.NET;
using Plotly.NET.CSharp;

namespace MnistLab.Notebooks;

/// <summary>Names for the axes of a chart, in the language of the notebook.</summary>
public static class ChartAxes
{
    /// <summary>Returns the chart with other titles of its axes.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="x">The title of the horizontal axis.</param>
    /// <param name="y">The title of the vertical axis.</param>
    public static GenericChart WithAxes(this GenericChart chart, string x, string y)
    {
        ArgumentNullException.ThrowIfNull(chart);
        return chart.WithXAxisStyle<double, double, string>(TitleText: x).WithYAxisStyle<double, double, string>(TitleText: y);
    }
}
