using System.Globalization;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Reports;

/// <summary>Resolves links to notebooks to their anchors in the report.</summary>
internal sealed class NotebookLinks(IReadOnlyList<NotebookDocument> notebooks)
{
    private readonly Dictionary<string, string> _anchors = notebooks
        .Select((notebook, index) => (Name: Path.GetFileName(notebook.Path), Anchor: Anchor(index)))
        .GroupBy(notebook => notebook.Name, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => group.First().Anchor, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the anchor of the notebook at an index.</summary>
    public static string Anchor(int index) => string.Create(CultureInfo.InvariantCulture, $"notebook-{index + 1}");

    /// <summary>
    /// Returns the URL that replaces <paramref name="url"/> in the notebook with the anchor <paramref name="anchor"/>.
    /// </summary>
    public string Resolve(string url, string anchor)
    {
        if (url.StartsWith('#')) return $"#{anchor}-{Slug.From(Uri.UnescapeDataString(url[1..]))}";

        var hash = url.IndexOf('#', StringComparison.Ordinal);
        var (file, fragment) = hash < 0 ? (url, "") : (url[..hash], url[(hash + 1)..]);
        if (file.Contains(':', StringComparison.Ordinal) || !file.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase)) return url;

        var name = Uri.UnescapeDataString(file)[(Uri.UnescapeDataString(file).LastIndexOf('/') + 1)..];
        if (!_anchors.TryGetValue(name, out var target)) return url;
        return fragment.Length == 0 ? $"#{target}" : $"#{target}-{Slug.From(Uri.UnescapeDataString(fragment))}";
    }
}
