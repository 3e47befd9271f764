using System.Reflection;

namespace MnistLab.Kernel.Display;

/// <summary>Represents a chart of Plotly.NET, a library that the kernel does not reference.</summary>
internal sealed class ChartTree(string figureJson) : DisplayTree
{
    /// <summary>The full name of the type, or base type, of all charts of Plotly.NET.</summary>
    public const string TypeName = "Plotly.NET.GenericChart";

    /// <summary>Returns the chart that a value represents; null if the value is not a chart.</summary>
    public static ChartTree? TryOf(object value)
    {
        var type = value.GetType();
        while (type is not null && type.FullName != TypeName) type = type.BaseType;
        var toJson = type?.GetMethod("toFigureJson", BindingFlags.Public | BindingFlags.Static, [type]);
        return toJson is null ? null : new((string)toJson.Invoke(null, [value])!);
    }

    public override string ToHtml()
    {
        var figure = figureJson.Replace("</", "<\\/", StringComparison.Ordinal);
        var id = $"chart-{Guid.NewGuid():N}";
        return $$"""
            <div id="{{id}}" class="plotly-chart" style="background:#fff"></div>
            <script>(function(){
              var element = document.getElementById("{{id}}"), figure = {{figure}};
              // Plotly's default margins are too large for a notebook.
              figure.layout.margin = Object.assign({t: figure.layout.title ? 64 : 32, r: 24, b: 56, l: 72}, figure.layout.margin);
              // Beside the plot, the legend would take half of a phone's width; above it, the tools must not overlap it.
              figure.layout.legend = Object.assign({orientation: "h", x: 0, y: 1, yanchor: "bottom"}, figure.layout.legend);
              figure.layout.modebar = Object.assign({orientation: "v"}, figure.layout.modebar);
              // At most as wide as the chart specifies, and never wider than the screen.
              if (figure.layout.width) { element.style.width = "100%"; element.style.maxWidth = figure.layout.width + "px"; delete figure.layout.width; }
              if (window.Plotly) window.Plotly.newPlot(element, figure.data, figure.layout, {displaylogo: false, responsive: true});
              else element.textContent = "This chart needs the output of the cell that loads the charts, usually the first of the notebook: run that cell again.";
            })();</script>
            """;
    }

    public override string ToText() => "a chart";
}
