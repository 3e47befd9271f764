using System.Reflection;

namespace MnistLab.Kernel;

/// <summary>A chart of Plotly.NET, which the kernel knows by name only.</summary>
internal sealed class ChartTree(string figureJson) : DisplayTree
{
    /// <summary>The full name of the type that all charts of Plotly.NET have, or derive from.</summary>
    public const string TypeName = "Plotly.NET.GenericChart";

    /// <summary>Returns the chart that a value is; null if it is not one.</summary>
    public static ChartTree? TryOf(object value)
    {
        var type = value.GetType();
        while (type is not null && type.FullName != TypeName) type = type.BaseType;
        var toJson = type?.GetMethod("toFigureJson", BindingFlags.Public | BindingFlags.Static, [type]);
        return toJson is null ? null : new((string)toJson.Invoke(null, [value])!);
    }

    public override string ToHtml() => PlotlyScript.Show(figureJson);

    public override string ToText() => "a chart";
}
