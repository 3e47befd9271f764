using Plotly.NET;

namespace MnistLab.Notebooks;

/// <summary>Makes Plotly's charts work in a page without a network: plotly.js itself, from the copy that Plotly.NET carries, and a chart that needs nothing else.</summary>
internal static class PlotlyScript
{
    private const string Resource = "Plotly.NET.plotly-2.28.0.min.js";

    /// <summary>
    /// A script element that defines <c>window.Plotly</c>, unless it is there. plotly.js looks for a module loader (require.js, in Jupyter)
    /// and would register itself there instead; inside this function there is none to be seen.
    /// </summary>
    public static string Library()
    {
        using var stream = typeof(GenericChart).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"Plotly.NET {typeof(GenericChart).Assembly.GetName().Version} carries no {Resource}.");
        using var reader = new StreamReader(stream);
        // A script element ends at the first end tag, even inside a string.
        var source = reader.ReadToEnd().Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
        return $"<script>if(!window.Plotly)(function(define,module,exports){{{source}\n}}).call(window);</script>";
    }

    /// <summary>A chart as an HTML fragment.</summary>
    public static string Show(GenericChart chart)
    {
        var figure = GenericChart.toFigureJson(chart).Replace("</", "<\\/", StringComparison.Ordinal);
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
              else element.textContent = "This chart needs the result of the notebook's first cell: run that cell again.";
            })();</script>
            """;
    }
}
