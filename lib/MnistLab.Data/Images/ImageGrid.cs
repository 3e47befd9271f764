using System.Runtime.InteropServices;
using MnistLab.Data.Datasets;
using MnistLab.Hosting;
using SkiaSharp;

namespace MnistLab.Data.Images;

/// <summary>Draws digits side by side in one image.</summary>
public static class ImageGrid
{
    /// <summary>
    /// Draws digits as one gray PNG file with as many rows as necessary; the unused part of the last row is black.
    /// </summary>
    /// <param name="set">The set of digits.</param>
    /// <param name="indices">The indices of the digits to draw; at least one.</param>
    /// <param name="columns">The number of digits per row, at least 1.</param>
    /// <returns>The bytes of the file, and the width and height of the image in pixels.</returns>
    /// <exception cref="ArgumentException"><paramref name="indices"/> is empty.</exception>
    public static (byte[] Png, int Width, int Height) ToPng(ImageDataset set, IReadOnlyList<int> indices, int columns = 10)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(indices);
        NumberRange.RequireAtLeast(columns, 1);
        if (indices.Count == 0) throw new ArgumentException("A sheet must have at least one digit.", nameof(indices));
        var (width, height) = (columns * set.Columns, ((indices.Count + columns - 1) / columns) * set.Rows);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        bitmap.Erase(SKColors.Black);
        for (var i = 0; i < indices.Count; i++)
        {
            var image = set.Image(indices[i]).ToArray();
            var corner = bitmap.GetPixels() + (i / columns * set.Rows * bitmap.RowBytes) + (i % columns * set.Columns);
            for (var row = 0; row < set.Rows; row++) Marshal.Copy(image, row * set.Columns, corner + (row * bitmap.RowBytes), set.Columns);
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return (png.ToArray(), width, height);
    }
}
