using System.Globalization;
using Microsoft.FSharp.Core;
using MnistLab.Notebooks.Display;
using Plotly.NET;
using Plotly.NET.Interactive;

namespace MnistLab.Notebooks;

/// <summary>
/// Formats charts with Plotly.NET.Interactive, fitted to a notebook's column. Charts do not contain plotly.js: the page
/// loads it once, with the output of <see cref="Lab"/>.
/// </summary>
internal static class ChartDisplay
{
    private const string EndOfScript = "</script></div>";
    private const string Transparent = "rgba(0,0,0,0)";

    // Visible on a light and on a dark background.
    private const string Line = "rgba(128,128,128,.3)";

    private static readonly Lazy<string> Style = new(() => EmbeddedFile.Read("chart.css"));

    /// <summary>
    /// Returns a chart as an HTML fragment: at most as wide as the chart specifies, as wide as the screen allows, and
    /// in the colors of the page.
    /// </summary>
    public static string ToHtml(GenericChart chart)
    {
        var layout = Copy(GenericChart.getLayout(chart));
        var width = ValueOf(layout, "width");
        layout.RemoveProperty("width");
        // Plotly's default margins are too large for a notebook.
        SetDefault(layout, "margin", ("t", ValueOf(layout, "title") is null ? 32 : 64), ("r", 24), ("b", 56), ("l", 72));
        // Beside the plot, the legend would take half of a phone's width; above it, the tools must not overlap it.
        SetDefault(layout, "legend", ("orientation", "h"), ("x", 0), ("y", 1), ("yanchor", "bottom"));
        SetDefault(layout, "modebar", ("orientation", "v"));
        SetDefault(
            layout,
            "xaxis",
            ("automargin", true),
            ("exponentformat", "none"),
            ("separatethousands", true),
            ("gridcolor", Line),
            ("zerolinecolor", Line),
            ("linecolor", Line));
        SetDefault(
            layout,
            "yaxis",
            ("automargin", true),
            ("exponentformat", "none"),
            ("separatethousands", true),
            ("gridcolor", Line),
            ("zerolinecolor", Line),
            ("linecolor", Line));
        foreach (var ground in new[] { "paper_bgcolor", "plot_bgcolor" })
        {
            if (ValueOf(layout, ground) is null) layout.SetProperty(ground, Transparent);
        }

        var config = Copy(GenericChart.getConfig(chart));
        if (ValueOf(config, "displaylogo") is null) config.SetProperty("displaylogo", false);

        var fitted = GenericChart.setConfig(config, GenericChart.setLayout(layout, chart));
        var limit = width is null ? "" : string.Create(CultureInfo.InvariantCulture, $" style=\"max-width:{width}px\"");
        return $"<div class=\"plotly-chart\"{limit}><style>{Style.Value}</style>{Escape(Formatters.toInteractiveHTML(fitted))}</div>";
    }

    // HTML ends a script element at the first end tag, even inside a JavaScript string such as a chart's title.
    private static string Escape(string html)
    {
        var start = html.IndexOf("<script", StringComparison.Ordinal);
        var end = html.LastIndexOf(EndOfScript, StringComparison.Ordinal);
        return html[..start] + html[start..end].Replace("</", "<\\/", StringComparison.Ordinal) + html[end..];
    }

    private static T Copy<T>(T source)
        where T : DynamicObj.DynamicObj, new()
    {
        var copy = new T();
        source.ShallowCopyDynamicPropertiesTo(copy, FSharpOption<bool>.Some(true));
        return copy;
    }

    private static object? ValueOf(DynamicObj.DynamicObj source, string name) => source.TryGetPropertyValue(name)?.Value;

    // Settings of the chart take precedence over the defaults.
    private static void SetDefault(Layout layout, string name, params ReadOnlySpan<(string Name, object Value)> defaults)
    {
        var own = ValueOf(layout, name) as DynamicObj.DynamicObj;
        var value = new DynamicObj.DynamicObj();
        foreach (var (member, of) in defaults) value.SetProperty(member, of);
        own?.ShallowCopyDynamicPropertiesTo(value, FSharpOption<bool>.Some(true));
        layout.SetProperty(name, value);
    }
}
