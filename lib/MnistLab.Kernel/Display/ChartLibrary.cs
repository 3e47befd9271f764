using System.Runtime.Loader;

namespace MnistLab.Kernel;

/// <summary>
/// Puts plotly.js into the notebook, for all charts that follow: it is several MB, and a chart must not need a network. The
/// cell that names the package displays it, each time that it runs, because a new run replaces the cell's output.
/// </summary>
/// <param name="context">Where the notebook's libraries are loaded.</param>
internal sealed class ChartLibrary(AssemblyLoadContext context)
{
    private const string Package = "Plotly.NET";
    private bool _isShown;

    /// <summary>Returns what a cell displays; null if it does not bring charts.</summary>
    /// <param name="named">The packages or libraries that the cell names.</param>
    /// <param name="packageFolders">The folders of all packages in use: another package may need Plotly.NET.</param>
    public MimeBundle? For(IEnumerable<string> named, IEnumerable<string> packageFolders)
    {
        var isNamed = named.Any(IsOfFamily);
        if (!isNamed && (_isShown || !packageFolders.Any(IsFolderOfPackage))) return null;
        try
        {
            var script = PlotlyScript.Library(context.LoadFromAssemblyName(new(Package)));
            _isShown = true;
            return MimeBundle.Of("text/html", script).With("text/plain", "plotly.js, for the charts of this notebook");
        }
        catch (FileNotFoundException)
        {
            // A package of the family that does not draw.
            return null;
        }
    }

    private static bool IsOfFamily(string name) =>
        name.Equals(Package, StringComparison.OrdinalIgnoreCase) || name.StartsWith(Package + ".", StringComparison.OrdinalIgnoreCase);

    // <package>/<version>
    private static bool IsFolderOfPackage(string folder) =>
        Package.Equals(Path.GetFileName(Path.GetDirectoryName(folder)), StringComparison.OrdinalIgnoreCase);
}
