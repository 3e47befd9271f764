using System.Globalization;
using System.Text;
using MnistLab.Data.Images;
using MnistLab.Hosting;

namespace MnistLab.Notebooks;

/// <summary>Represents an image as a table of its pixel values, each on a background of its own gray level.</summary>
public sealed class PixelTable
{
    private readonly byte[] _pixels;
    private readonly int _columns;

    private PixelTable(byte[] pixels, int columns) => (_pixels, _columns) = (pixels, columns);

    /// <summary>Creates the table of an image.</summary>
    /// <param name="image">Gray values, 0 to 255, row after row.</param>
    /// <param name="columns">The number of pixels per row.</param>
    /// <exception cref="ArgumentException">The pixels do not fill whole rows.</exception>
    public static PixelTable From(ReadOnlySpan<byte> image, int columns = DigitImage.Side)
    {
        NumberRange.RequireAtLeast(columns, 1);
        return image.Length > 0 && image.Length % columns == 0
            ? new PixelTable(image.ToArray(), columns)
            : throw new ArgumentException($"{image.Length} pixels do not fill rows of {columns}.", nameof(image));
    }

    /// <summary>Returns the pixel values, one line for each row of the image.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine, _pixels.Chunk(_columns).Select(row => string.Concat(row.Select(pixel => $"{pixel,4}"))));

    /// <summary>Returns the table as HTML that fits any width, because the font size scales with it.</summary>
    internal string ToHtml()
    {
        var html = new StringBuilder().Append(CultureInfo.InvariantCulture, $$"""
            <style>
            .mnistlab-pixels { container-type: inline-size; max-width: {{_columns * 23}}px; }
            .mnistlab-pixels div { display: grid; grid-template-columns: repeat({{_columns}}, 1fr); font: min(10.5px, 1.55cqw)/1.9 ui-monospace, monospace; text-align: center; }
            .mnistlab-pixels i { font-style: normal; color: #ddd; }
            .mnistlab-pixels .z { color: #666; }
            .mnistlab-pixels .l { color: #000; }
            </style>
            <div class="mnistlab-pixels"><div>
            """);
        foreach (var pixel in _pixels)
            html.Append(
                CultureInfo.InvariantCulture,
                $"<i{(pixel == 0 ? " class=\"z\"" : pixel > 127 ? " class=\"l\"" : "")} style=\"background:rgb({pixel},{pixel},{pixel})\">{pixel}</i>");
        return html.Append("</div></div>").ToString();
    }
}
