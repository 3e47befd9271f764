using System.Reflection;

namespace MnistLab.Kernel;

/// <summary>
/// Displays Plotly charts in a page without a network: the copy of plotly.js that Plotly.NET carries, and charts that
/// need nothing else.
/// </summary>
internal static class PlotlyScript
{
    /// <summary>
    /// Returns a script element that defines <c>window.Plotly</c>, unless it exists. plotly.js looks for a module loader
    /// (require.js, in Jupyter) and would register itself there instead; inside this function it finds none.
    /// </summary>
    /// <param name="plotly">The assembly of Plotly.NET.</param>
    /// <exception cref="InvalidOperationException">The assembly carries no plotly.js.</exception>
    public static string Library(Assembly plotly)
    {
        var name = plotly.GetManifestResourceNames().FirstOrDefault(IsPlotly)
            ?? throw new InvalidOperationException($"{plotly.GetName().Name} {plotly.GetName().Version} carries no plotly.js.");
        using var reader = new StreamReader(plotly.GetManifestResourceStream(name)!);
        // A script element ends at the first end tag, even inside a string.
        var source = reader.ReadToEnd().Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
        return $"<script>if(!window.Plotly)(function(define,module,exports){{{source}\n}}).call(window);</script>";
    }

    private static bool IsPlotly(string resource) =>
        resource.Contains("plotly-", StringComparison.Ordinal) && resource.EndsWith(".js", StringComparison.Ordinal);

    /// <summary>Returns a chart as an HTML fragment.</summary>
    /// <param name="figureJson">The chart's data and layout, as JSON.</param>
    public static string Show(string figureJson)
    {
        var figure = figureJson.Replace("</", "<\\/", StringComparison.Ordinal);
        var id = $"chart-{Guid.NewGuid():N}";
        return $$"""
            <div id="{{id}}" class="plotly-chart" style="background:#fff"></div>
            <script>(function(){
              var element = document.getElementById("{{id}}"), figure = {{figure}};
              // Plotly's own margins are made for posters.
              figure.layout.margin = Object.assign({t: figure.layout.title ? 64 : 32, r: 24, b: 56, l: 72}, figure.layout.margin);
              // Beside the plot, names take half of a phone's width; above it, they need the tools out of their way.
              figure.layout.legend = Object.assign({orientation: "h", x: 0, y: 1, yanchor: "bottom"}, figure.layout.legend);
              figure.layout.modebar = Object.assign({orientation: "v"}, figure.layout.modebar);
              // As wide as it was made, or as the screen is, and no wider.
              if (figure.layout.width) { element.style.width = "100%"; element.style.maxWidth = figure.layout.width + "px"; delete figure.layout.width; }
              if (window.Plotly) window.Plotly.newPlot(element, figure.data, figure.layout, {displaylogo: false, responsive: true});
              else element.textContent = "This chart needs the output of the cell that loads the charts, usually the first of the notebook: run that cell again.";
            })();</script>
            """;
    }
}
