using System.Runtime.Loader;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Display;

/// <summary>
/// Embeds plotly.js in the notebook once for all charts, because it takes several MB and a chart must not need a
/// network connection. A cell that references the package displays the library each time that it runs, because a new
/// run replaces the output of the cell.
/// </summary>
/// <param name="context">The load context of the notebook's libraries.</param>
internal sealed class ChartLibrary(AssemblyLoadContext context)
{
    private const string Package = "Plotly.NET";
    private bool _isShown;

    /// <summary>Returns the script that a cell displays; null if the cell does not need it.</summary>
    /// <param name="named">The packages or libraries that the cell references.</param>
    /// <param name="packageFolders">
    /// The folders of all packages in use, because another package may depend on Plotly.NET.
    /// </param>
    public MimeBundle? For(IEnumerable<string> named, IEnumerable<string> packageFolders)
    {
        var isNamed = named.Any(IsOfFamily);
        if (!isNamed && (_isShown || !packageFolders.Any(IsFolderOfPackage))) return null;
        try
        {
            var script = PlotlyScript.Library(context.LoadFromAssemblyName(new(Package)));
            _isShown = true;
            return MimeBundle.From("text/html", script).With("text/plain", "plotly.js, for the charts of this notebook");
        }
        catch (FileNotFoundException)
        {
            // The package belongs to the family, but does not depend on Plotly.NET itself.
            return null;
        }
    }

    private static bool IsOfFamily(string name) =>
        name.Equals(Package, StringComparison.OrdinalIgnoreCase) || name.StartsWith(Package + ".", StringComparison.OrdinalIgnoreCase);

    // <package>/<version>
    private static bool IsFolderOfPackage(string folder) =>
        Package.Equals(Path.GetFileName(Path.GetDirectoryName(folder)), StringComparison.OrdinalIgnoreCase);
}
