using System.Runtime.InteropServices;
using MnistLab.Data.Datasets;
using SkiaSharp;

namespace MnistLab.Data.Images;

/// <summary>
/// Represents one digit in the form that models are trained on: 28 × 28 gray values, light ink on a dark background.
/// Training and prediction both use this class to convert images to that form.
/// </summary>
public sealed class DigitImage
{
    /// <summary>The width and height in pixels.</summary>
    public const int Side = 28;

    /// <summary>The maximum size of an encoded image in bytes.</summary>
    public const int LargestFile = 32 << 20;

    private static readonly float[] UnitInterval = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];

    private readonly byte[] _pixels;

    private DigitImage(byte[] pixels) => _pixels = pixels;

    /// <summary>Gets 784 gray values, row after row: 0 for the background to 255 for full ink.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>Creates an image from pixels that are already in that format.</summary>
    /// <param name="pixels">784 gray values, row after row: 0 for the background to 255 for full ink.</param>
    public static DigitImage FromPixels(ReadOnlySpan<byte> pixels) => pixels.Length == Side * Side
        ? new DigitImage(pixels.ToArray())
        : throw new ArgumentException(
            $"A digit has {Side} × {Side} = {Side * Side} pixels, not {pixels.Length}.", nameof(pixels));

    /// <summary>
    /// Decodes an image (PNG, JPEG, BMP, GIF, or WebP; any size, color or gray, dark on light or light on dark) and
    /// normalizes it as MNIST was: the ink is scaled to fit 20 × 20 pixels, and its center of mass is moved to the
    /// center of 28 × 28. The digit may fill the image or touch its edges; shadows, ruled lines, frames, and the desk
    /// around the paper are removed. An image that is already in MNIST's format (28 × 28 pixels, light on black,
    /// centered, of the right size) stays unchanged.
    /// </summary>
    /// <exception cref="DigitImageException">
    /// The data is not an image, or it is damaged, too large, or blank.
    /// </exception>
    /// <param name="encoded">The image file.</param>
    /// <param name="preprocessing">
    /// How the image becomes 28 × 28 pixels: as above, or by scaling alone, for images that are not digits.
    /// </param>
    public static DigitImage Decode(
        ReadOnlySpan<byte> encoded, ImagePreprocessing preprocessing = ImagePreprocessing.Digit)
    {
        var pixels = new byte[Side * Side];
        Decode(encoded, pixels, preprocessing);
        return new DigitImage(pixels);
    }

    /// <summary>
    /// Decodes an image from a stream's current position to its end; see
    /// <see cref="Decode(ReadOnlySpan{byte}, ImagePreprocessing)"/>. The stream stays open.
    /// </summary>
    /// <param name="encoded">The image file.</param>
    /// <param name="preprocessing">How the image becomes 28 × 28 pixels.</param>
    /// <exception cref="DigitImageException">
    /// The data is not an image, or it is damaged, too large, or blank.
    /// </exception>
    public static DigitImage Decode(Stream encoded, ImagePreprocessing preprocessing = ImagePreprocessing.Digit)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        return Decode(ReadToEnd(encoded), preprocessing);
    }

    /// <summary>
    /// Decodes an image as <see cref="Decode(Stream, ImagePreprocessing)"/> does, and writes its pixels in the form
    /// that models expect and <see cref="ToUnitInterval"/> returns, without creating a <see cref="DigitImage"/>.
    /// </summary>
    /// <param name="encoded">The image; the stream stays open.</param>
    /// <param name="target">Receives 784 values, row after row: 0 for the background to 1 for full ink.</param>
    /// <param name="preprocessing">How the image becomes 28 × 28 pixels.</param>
    /// <exception cref="ArgumentException"><paramref name="target"/> is too short.</exception>
    /// <exception cref="DigitImageException">
    /// The data is not an image, or it is damaged, too large, or blank.
    /// </exception>
    public static void DecodeToUnitInterval(
        Stream encoded, Span<float> target, ImagePreprocessing preprocessing = ImagePreprocessing.Digit)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        Span<byte> pixels = stackalloc byte[Side * Side];
        if (target.Length < pixels.Length)
        {
            throw new ArgumentException(
                $"A digit has {pixels.Length} pixels, but the target has room for only {target.Length}.", nameof(target));
        }

        Decode(ReadToEnd(encoded), pixels, preprocessing);
        WriteUnitInterval(pixels, target);
    }

    /// <summary>
    /// Returns the pixels in the form that models expect: 784 values, row after row, 0 for the background to 1 for full
    /// ink.
    /// </summary>
    public float[] ToUnitInterval()
    {
        var values = new float[_pixels.Length];
        WriteUnitInterval(_pixels, values);
        return values;
    }

    /// <summary>Encodes the image as a gray PNG file of 28 × 28 pixels.</summary>
    public byte[] ToPng()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque));
        for (var row = 0; row < Side; row++)
            Marshal.Copy(_pixels, row * Side, bitmap.GetPixels() + (row * bitmap.RowBytes), Side);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    private static void Decode(ReadOnlySpan<byte> encoded, Span<byte> pixels, ImagePreprocessing preprocessing)
    {
        if (encoded.Length == 0) throw new DigitImageException("The image is empty: it has no bytes.");
        if (encoded.Length > LargestFile)
            throw new DigitImageException($"The image is larger than {LargestFile >> 20} MiB. Send a smaller one.");
        var isPlain = preprocessing == ImagePreprocessing.Plain;
        if (PlainPng.TryDecode(encoded, pixels) && (isPlain || MnistForm.Matches(pixels))) return;
        var image = ImageDecoder.Decode(encoded);
        var gray = image is { Width: Side, Height: Side, IsGray: true } ? image.ToGray() : null;
        if (gray is null || !(isPlain || MnistForm.Matches(gray)))
            gray = isPlain ? PlainScaling.Scale(image) : InkNormalizer.Normalize(InkFinder.Find(image));
        gray.CopyTo(pixels);
    }

    private static ReadOnlySpan<byte> ReadToEnd(Stream encoded)
    {
        if (encoded is MemoryStream memory && memory.TryGetBuffer(out var whole))
            return whole.AsSpan((int)memory.Position);
        using var buffer = new MemoryStream();
        var chunk = new byte[1 << 16];
        int read;
        while (buffer.Length <= LargestFile && (read = encoded.Read(chunk)) > 0)
            buffer.Write(chunk.AsSpan(0, read));
        return buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
    }

    private static void WriteUnitInterval(ReadOnlySpan<byte> pixels, Span<float> target)
    {
        for (var i = 0; i < pixels.Length; i++) target[i] = UnitInterval[pixels[i]];
    }
}
