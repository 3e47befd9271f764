using System.Reflection;

namespace MnistLab.Kernel.Display;

/// <summary>Embeds plotly.js in a page, without a network connection, from the copy in Plotly.NET.</summary>
internal static class PlotlyScript
{
    // Charts of Plotly.NET.Interactive request plotly.js from a module loader: from require.js if the page has it,
    // otherwise from a copy that they would download. If require.js is present, the script defines the module, so that
    // it is not downloaded from the URL that the charts name. Otherwise, the script defines the part of require.js that
    // the charts use. The loader that some versions of Visual Studio Code have instead does not support contexts.
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
    /// Returns a script element that defines <c>window.Plotly</c>, unless it exists, and makes it available to the
    /// charts of Plotly.NET.Interactive. plotly.js would register itself with a module loader (require.js in Jupyter)
    /// if it found one; the enclosing function hides the loader from it.
    /// </summary>
    /// <param name="plotly">The assembly of Plotly.NET.</param>
    /// <exception cref="InvalidOperationException">The assembly does not contain plotly.js.</exception>
    public static string Library(Assembly plotly)
    {
        var name = plotly.GetManifestResourceNames().FirstOrDefault(IsPlotly)
            ?? throw new InvalidOperationException($"{plotly.GetName().Name} {plotly.GetName().Version} does not contain plotly.js.");
        using var reader = new StreamReader(plotly.GetManifestResourceStream(name)!);
        // A script element ends at the first closing tag, even within a string.
        var source = reader.ReadToEnd().Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
        return $"<script>if(!window.Plotly)(function(define,module,exports){{{source}\n}}).call(window);{Loader}</script>";
    }

    private static bool IsPlotly(string resource) =>
        resource.Contains("plotly-", StringComparison.Ordinal) && resource.EndsWith(".js", StringComparison.Ordinal);
}
