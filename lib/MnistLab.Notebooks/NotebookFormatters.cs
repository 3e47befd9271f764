using System.Globalization;
using System.Net;
using System.Runtime.Loader;
using System.Text;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Data.Images;
using MnistLab.Kernel.Display;
using MnistLab.Notebooks.Board;
using MnistLab.Notebooks.Display;
using MnistLab.Notebooks.Texts;
using MnistLab.Training.EventLog;
using Plotly.NET;

namespace MnistLab.Notebooks;

/// <summary>Registers the formatters that display the library's values in notebooks.</summary>
internal static class NotebookFormatters
{
    private const int MaxRows = 50;
    private const int ShortText = 20;

    public static void Register()
    {
        // Plotly.NET references a newer FSharp.Core than some kernels contain; the loaded version works.
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name is { Name: "FSharp.Core", Version: not null }
                ? context.LoadFromAssemblyName(new System.Reflection.AssemblyName(name.Name))
                : null;

        Html<Lab>(lab => PlotlyScript.Library(typeof(GenericChart).Assembly) + Text(lab.ToString()));
        Html<Check>(check => $"<p style=\"{Color(check)};margin:0\">{Text(check.ToString())}</p>");
        Html<GenericChart>(ChartDisplay.ToHtml, ChartTexts.Chart);
        Html<DigitGrid>(grid => Grid(grid.Columns, grid.Digits.Select(digit => (Picture(digit.Image, 56), digit.Caption))));
        Html<HeatGrid>(Heat);
        Html<DigitImage>(image => Picture(image, 112), ChartTexts.Handwritten);
        Html<Sketch>(
            sketch => $"<img style=\"border:1px solid #ccc\" alt=\"{ChartTexts.BlackDrawing}\" src=\"{AsUrl(sketch.ToPng())}\">",
            ChartTexts.Drawing);
        // The kernel's own table of a data frame is neither translated nor aligned, and .NET Interactive has another one.
        Html<DataFrame>(Table);
        Html<PixelTable>(table => table.ToHtml());
        Html<JsonView>(json => json.ToHtml());
        Html<LiveTraining>(live => live.ToHtml());
        Html<DrawingPad>(pad => pad.ToHtml());
        Html<Playground>(playground => playground.ToHtml());
        Html<RunBoard>(RunBoardView.ToHtml);
        Html<BoardRun>(run => $"<p>{Text(run.ToString())}</p>");
        Html<TensorBoardJob>(TensorBoardView.ToHtml);
    }

    /// <param name="format">Returns the value as HTML.</param>
    /// <param name="words">The text for front ends without HTML; null for the value's own text.</param>
    private static void Html<T>(Func<T, string> format, DisplayText? words = null)
    {
        Formatter.Register(format, HtmlFormatter.MimeType);
        Formatter.Register<T>(value => words?.ToString() ?? value?.ToString() ?? "", PlainTextFormatter.MimeType);
    }

    // The second declaration applies in browsers that support light-dark(), so that the color fits a dark page.
    private static string Color(Check check) => check.IsMissing
        ? "color:#9a6700;color:light-dark(#9a6700,#e3b341)"
        : "color:#1a7f37;color:light-dark(#1a7f37,#85d6a2)";

    private static string Heat(HeatGrid grid)
    {
        // If all numbers are zero, the grid is white.
        var largest = Math.Max(float.Epsilon, grid.Pictures.Max(picture => picture.Values.Max(Math.Abs)));
        var pictures = grid.Pictures.Select((picture, i) => (
            Picture(HeatPicture.Draw(picture.Values, largest, grid.Digits?[i]), grid.Size, ChartTexts.Heat), picture.Caption));
        return Grid(grid.Columns, pictures, grid.Size) + Scale(largest, grid.Pictures.Any(picture => picture.Values.Min() < 0));
    }

    private static string Scale(float largest, bool hasNegative)
    {
        var end = largest.ToString(largest is >= 0.01f and < 1000 ? "0.##" : "G2", CultureInfo.InvariantCulture);
        var (begin, middle, gradient) = hasNegative ? ($"−{end}", "0", HeatPicture.Gradient) : ("0", "", HeatPicture.PositiveGradient);
        return $"<div style=\"width:200px;margin-top:8px;font-size:12px\" role=\"img\" aria-label=\"{ChartTexts.ColorScale}\">"
            + $"<div style=\"height:10px;border:1px solid #8888;background:{gradient}\"></div>"
            + $"<div style=\"display:flex;justify-content:space-between\"><span>{begin}</span><span>{middle}</span><span>{end}</span></div></div>";
    }

    // The specified number per row, or as many as fit on the screen.
    private static string Grid(int columns, IEnumerable<(string Picture, string Caption)> pictures, int size = 56)
    {
        var html = new StringBuilder()
            .Append(
                CultureInfo.InvariantCulture,
                $"<div style=\"display:grid;grid-template-columns:repeat(auto-fill,{size}px);gap:6px;max-width:{columns * (size + 6)}px\">");
        foreach (var (picture, caption) in pictures)
            html.Append(
                CultureInfo.InvariantCulture,
                $"<figure style=\"margin:0;text-align:center;font-size:12px;white-space:pre-line\">{picture}<figcaption>{Text(caption)}</figcaption></figure>");
        return html.Append("</div>").ToString();
    }

    private static string Picture(DigitImage image, int size) => Picture(image.ToPng(), size, ChartTexts.Handwritten);

    private static string Picture(byte[] png, int size, string description) => string.Create(CultureInfo.InvariantCulture,
        $"<img width=\"{size}\" height=\"{size}\" style=\"image-rendering:pixelated;display:block\" alt=\"{description}\" src=\"{AsUrl(png)}\">");

    private static string AsUrl(byte[] png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";

    private static string Table(DataFrame table)
    {
        // On a phone, a wide table scrolls by itself. In a narrow column, Chinese text would otherwise wrap after each
        // character.
        var html = new StringBuilder("<div style=\"overflow-x:auto\"><table style=\"word-break:keep-all\"><thead><tr>");
        var cells = table.Columns.Select(column => (IsNumeric: column.IsNumericColumn(), Texts: TextsOf(column))).ToList();
        foreach (var (column, (isNumeric, _)) in table.Columns.Zip(cells)) html.Append(HeaderOf(column, isNumeric));
        html.Append("</tr></thead><tbody>");
        for (var row = 0; row < Math.Min(table.Rows.Count, MaxRows); row++)
        {
            // A star marks the most important row.
            html.Append(cells.Any(cell => cell.Texts[row].StartsWith('★')) ? "<tr style=\"font-weight:bold\">" : "<tr>");
            foreach (var (isNumeric, texts) in cells) html.Append(Cell(texts[row], isNumeric));
            html.Append("</tr>");
        }

        html.Append("</tbody></table></div>");
        if (table.Rows.Count > MaxRows)
            html.Append(CultureInfo.InvariantCulture, $"<p>{ChartTexts.MoreRows.With(table.Rows.Count - MaxRows)}</p>");
        return html.ToString();
    }

    // Code uses the English name of a column: a translated header shows it as a tooltip.
    private static string HeaderOf(DataFrameColumn column, bool isNumeric)
    {
        var header = DisplayTerms.Translate(column.Name);
        var title = header == column.Name ? "" : $" title=\"{Text(column.Name)}\"";
        return $"<th{(isNumeric ? " style=\"text-align:right\"" : "")}{title}>{Breakable(Text(header))}</th>";
    }

    // On a narrow screen, a sentence would otherwise wrap after each word. A few words stay on one line; a long name may
    // wrap, after a separator if possible.
    private static string Cell(string text, bool isNumeric)
    {
        var shown = Text(DisplayTerms.Translate(text));
        if (isNumeric) return $"<td style=\"text-align:right\">{shown}</td>";
        if (text.Length > 30 && text.Contains(' ', StringComparison.Ordinal)) return $"<td style=\"min-width:15em\">{shown}</td>";
        if (text.Length <= ShortText) return $"<td style=\"white-space:nowrap\">{shown}</td>";
        return $"<td style=\"min-width:9em;overflow-wrap:anywhere\">{Breakable(shown)}</td>";
    }

    private static string Breakable(string name) =>
        name.Replace("_", "_<wbr>", StringComparison.Ordinal).Replace(",", ",<wbr>", StringComparison.Ordinal);

    // All numbers of a column have the same number of decimals, so that the decimal points align. A seed is a name
    // rather than a quantity, so its digits are not grouped.
    private static string[] TextsOf(DataFrameColumn column)
    {
        var values = Enumerable.Range(0, (int)Math.Min(column.Length, MaxRows)).Select(row => column[row]).ToList();
        var texts = values.ConvertAll(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        if (column.Name != "seed" && values.TrueForAll(value => value is null or int or long))
            return [.. values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value:N0}"))];
        if (values.Exists(value => value is not (null or double or float))
            || texts.Exists(text => text.Contains('E', StringComparison.Ordinal)))
            return [.. texts];
        var decimals = texts.Max(text => text.IndexOf('.', StringComparison.Ordinal) is var point and >= 0 ? text.Length - point - 1 : 0);
        return [.. values.Select(value => value is null ? "" : Convert
            .ToDouble(value, CultureInfo.InvariantCulture)
            .ToString($"N{decimals}", CultureInfo.InvariantCulture))];
    }

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
