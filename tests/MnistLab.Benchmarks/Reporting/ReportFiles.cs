using System.Text.Encodings.Web;
using System.Text.Json;

namespace MnistLab.Benchmarks.Reporting;

/// <summary>
/// Reads and writes the report of all parts: <c>report.json</c>, and the readable versions generated from it,
/// <c>report.md</c> and <c>report.html</c>. A part that runs again replaces its previous results; the results of other
/// parts are kept.
/// </summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads the parts of an earlier report.</summary>
    /// <param name="folder">The folder of the report.</param>
    /// <returns>The parts; none if there is no report.</returns>
    public static IReadOnlyList<Part> Read(string folder)
    {
        var file = Path.Combine(folder, "report.json");
        return File.Exists(file) ? JsonSerializer.Deserialize<List<Part>>(File.ReadAllText(file), Format)! : [];
    }

    /// <summary>Writes the report.</summary>
    /// <param name="folder">The folder of the report, which is created if it is missing.</param>
    /// <param name="parts">The parts that have just run, with their new figures.</param>
    /// <param name="order">The names of all parts, in the order of the report.</param>
    public static void Write(string folder, IReadOnlyList<Part> parts, IReadOnlyList<string> order)
    {
        var kept = Read(folder).Where(part => parts.All(other => other.Name != part.Name));
        List<Part> all = [.. parts.Concat(kept).OrderBy(part => order.ToList().IndexOf(part.Name))];
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "report.json"), JsonSerializer.Serialize(all, Format) + "\n");
        File.WriteAllText(Path.Combine(folder, "report.md"), MarkdownReport.Write(all));
        File.WriteAllText(Path.Combine(folder, "report.html"), HtmlReport.Write(all));
    }
}
