using System.Reflection;

namespace MnistLab.Kernel;

/// <summary>Brings plotly.js into a page without a network: the copy that Plotly.NET carries.</summary>
internal static class PlotlyScript
{
    // Charts of Plotly.NET.Interactive ask a module loader for plotly.js: require.js, where the page has it, else one that
    // they would download. require.js gives them a module that exists already rather than fetch it from the address that
    // they name; a page without require.js gets the part of it that they use. The loader that some versions of Visual Studio
    // Code have in its place knows no contexts.
    private const string Loader =
        """
        (function(){
          if(typeof requirejs==="function"&&typeof requirejs.config==="function"){
            if(requirejs.plotlyOfPage)return;
            define("plotly",[],function(){return window.Plotly;});
            var inContext=requirejs.config({context:"fsharp-plotly"});
            if(inContext)inContext(["plotly"],function(){});
          }else{
            window.requirejs=function(names,use){use(window.Plotly);};
            requirejs.config=function(){return requirejs;};
            requirejs.plotlyOfPage=true;
          }
        })();
        """;

    /// <summary>
    /// Returns a script element that defines <c>window.Plotly</c>, unless it exists, and lets the charts of
    /// Plotly.NET.Interactive find it. plotly.js looks for a module loader (require.js, in Jupyter) and would register
    /// itself there instead; inside this function it finds none.
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
        return $"<script>if(!window.Plotly)(function(define,module,exports){{{source}\n}}).call(window);{Loader}</script>";
    }

    private static bool IsPlotly(string resource) =>
        resource.Contains("plotly-", StringComparison.Ordinal) && resource.EndsWith(".js", StringComparison.Ordinal);
}
