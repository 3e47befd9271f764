namespace MnistLab.Data.Images;

/// <summary>Scales whole images to the size of a model's input, without searching for ink in them.</summary>
internal static class PlainScaling
{
    private const int Side = DigitImage.Side;

    /// <summary>
    /// Scales an image so that its longer side has 28 pixels, and centers it. If its border is light on average, the
    /// image is inverted: models are trained on objects on a dark background.
    /// </summary>
    /// <returns>784 gray values, row after row.</returns>
    public static byte[] Scale(ColorImage image)
    {
        var gray = new float[image.Width * image.Height];
        // Luma as in JPEG (ITU-T T.871).
        for (var i = 0; i < gray.Length; i++)
        {
            var rgb = image.Rgb.AsSpan(3 * i, 3);
            gray[i] = (0.299f * rgb[0]) + (0.587f * rgb[1]) + (0.114f * rgb[2]);
        }

        if (BorderMean(gray, image.Width, image.Height) > 127.5f) gray = Array.ConvertAll(gray, value => 255 - value);

        var longer = Math.Max(image.Width, image.Height);
        var (width, height) = (Scaled(image.Width, longer), Scaled(image.Height, longer));
        var scaled = BicubicScaling.Scale(gray, image.Width, image.Height, width, height);
        var (left, top) = ((Side - width) / 2, (Side - height) / 2);
        var pixels = new byte[Side * Side];
        for (var i = 0; i < scaled.Length; i++)
        {
            var (row, column) = (top + (i / width), left + (i % width));
            pixels[(row * Side) + column] = (byte)Math.Clamp(MathF.Round(scaled[i]), 0, 255);
        }

        return pixels;
    }

    private static int Scaled(int length, int longer) => Math.Max(1, (int)Math.Round((double)length * Side / longer));

    private static float BorderMean(float[] gray, int width, int height)
    {
        var (sum, count) = (0f, 0);
        for (var i = 0; i < gray.Length; i++)
        {
            var (row, column) = (i / width, i % width);
            if (row > 0 && row < height - 1 && column > 0 && column < width - 1) continue;
            sum += gray[i];
            count++;
        }

        return sum / count;
    }
}
