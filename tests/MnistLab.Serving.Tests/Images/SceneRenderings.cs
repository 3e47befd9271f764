using SkiaSharp;
using static SkiaSharp.SKEncodedImageFormat;

namespace MnistLab.Serving.Tests;

/// <summary>Renders digits as crops, drawings, scans, and photos show them.</summary>
internal static class SceneRenderings
{
    /// <summary>A word in the rejection of an image in which lines hide the digit.</summary>
    private const string Lines = "lines";

    private static readonly SKColor Paper = new(235, 235, 225);
    private static readonly SKColor Pen = new(45, 45, 60);
    private static readonly SKColor[] Desks =
        [new(90, 60, 40), new(50, 50, 55), new(140, 100, 60), new(30, 40, 60), new(120, 120, 125)];


    /// <summary>Clear digits that a crop or a drawing places close to the edge.</summary>
    public static IReadOnlyList<Rerendering> Crops { get; } =
    [
        new("bounding box, light on dark", (pixels, _) => Crop(pixels, 0, 1, isDark: false)),
        new("bounding box, dark on light", (pixels, _) => Crop(pixels, 0, 1, isDark: true)),
        new("bounding box of the full ink, light on dark", (pixels, _) => Crop(pixels, 100, 1, isDark: false)),
        new("bounding box, enlarged, dark on light", (pixels, _) => Crop(pixels, 0, 8, isDark: true), 2),
        new("bounding box, enlarged, light on dark", (pixels, _) => Crop(pixels, 0, 8, isDark: false), 2),
        new("bounding box, JPEG", (pixels, _) => Crop(pixels, 0, 6, isDark: true, Jpeg), 2),
        new("bounding box and one pixel more", (pixels, _) => Crop(pixels, 0, 1, isDark: true, margin: 1)),
        new("touching an edge of the sheet", (pixels, i) => Touching(pixels, 260 + (i * 37 % 200), i % 4, i), 4),
        new("touching a corner of the sheet", (pixels, i) =>
            Touching(pixels, 260 + (i * 37 % 200), 4 + (i % 4), i), 4),
        new("filling the sheet", (pixels, i) => Touching(pixels, 560, 8, i), 4),
        new("28 × 28, light on dark, off center", (pixels, i) => Shifted(pixels, i, isDark: false)),
        new("28 × 28, dark on light, off center", (pixels, i) => Shifted(pixels, i, isDark: true)),
        new("28 × 28, light on dark, small", (pixels, i) => Small(pixels, 12 + (i % 4), i)),
        new("28 × 28, light on dark, filled", (pixels, _) => Small(pixels, 28, 0)),
    ];

    /// <summary>Photos and scans that show more than a digit on even paper.</summary>
    public static IReadOnlyList<Rerendering> Photos { get; } =
    [
        new("hard shadow", (pixels, i) =>
            Photo(pixels, i).Shadow(0.4f + (i % 3 * 0.1f), i * 31 % 360, (i * 17 % 120) - 60, 0).Noise(4, i)
                .Encode(Jpeg, 80), 4),
        new("soft shadow of 55%", (pixels, i) =>
            Photo(pixels, i).Shadow(0.55f, i * 31 % 360, (i * 17 % 100) - 100, 60 + (i * 13 % 100)).Noise(4, i)
                .Encode(Jpeg, 80), 4),
        new("light that falls off by 55%", (pixels, i) =>
            Photo(pixels, i).Shadow(0.55f, i * 31 % 360, -150, 300).Noise(4, i).Encode(Jpeg, 80), 4),
        new("desk at two sides", (pixels, i) => Desk(pixels, i, slope: 0), 4),
        new("desk in two corners", (pixels, i) => Desk(pixels, i, slope: 0.12f), 4),
        new("desk at one side", (pixels, i) =>
            Photo(pixels, i).Strip(Desks[i % 5], i % 4, 20 + (i * 11 % 40), 0).Noise(4, i).Encode(Jpeg, 80), 4),
        new("desk all around", (pixels, i) => AllAround(pixels, i), 4),
        new("frame at the picture's edge", (pixels, i) =>
            new Scene(200, 200, SKColors.White).Digit(pixels, SKColors.Black, 120)
                .Frame(SKColors.Black, 0, 1 + (i % 8)).Encode(), 4),
        new("frame inside of the picture", (pixels, i) =>
            new Scene(240, 240, SKColors.White).Digit(pixels, SKColors.Black, 120)
                .Frame(SKColors.Black, 14, 2 + (i % 5)).Encode(), 4),
        new("frame of a form, photographed", (pixels, i) =>
            new Scene(300, 300, Paper).Digit(pixels, Pen, 140).Frame(Pen, 30, 3, (i % 7) - 3).Noise(4, i)
                .Encode(Jpeg, 80), 4),
        new("light frame on dark", (pixels, i) =>
            new Scene(200, 200, SKColors.Black).Digit(pixels, SKColors.White, 120)
                .Frame(SKColors.White, 5, 2 + (i % 3)).Encode(), 4),
        new("strong rules", (pixels, i) =>
            new Scene(300, 300, Paper).Rules(new(70, 80, 140), 5 + (i * 7 % 50), 60, 3).Digit(pixels, Pen, 160)
                .Noise(4, i).Encode(Jpeg, 80), 4, Lines),
        new("squared paper", (pixels, i) =>
            new Scene(300, 300, Paper).Rules(new(150, 160, 200), i * 7 % 50, 50, 2)
                .Rules(new(150, 160, 200), i * 5 % 50, 50, 2, areUpright: true).Digit(pixels, Pen, 160).Noise(4, i)
                .Encode(Jpeg, 80), 4, Lines),
        new("rules, turned", (pixels, i) =>
            new Scene(300, 300, Paper).Rules(new(70, 80, 140), i * 7 % 50, 70, 3, degrees: (i % 9) - 4)
                .Digit(pixels, Pen, 160).Noise(4, i).Encode(Jpeg, 80), 4, Lines),
        new("one rule under the digit", (pixels, i) =>
            new Scene(300, 240, SKColors.White).Digit(pixels, SKColors.Black, 140)
                .Rules(SKColors.Black, 195, 1000, 4).Encode(), 4, Lines),
        new("white card with rounded corners", (pixels, i) =>
            new Scene(200, 200, SKColors.White).Digit(pixels, SKColors.Black, 120).RoundCorners(20 + (i % 5 * 15))
                .Encode(), 4),
        new("black card with rounded corners", (pixels, i) =>
            new Scene(200, 200, SKColors.Black).Digit(pixels, SKColors.White, 120).RoundCorners(20 + (i % 5 * 15))
                .Encode(), 4),
        new("noisy photo", (pixels, i) => Photo(pixels, i).Noise(24, i).Encode(Jpeg, 70), 4),
    ];

    private static byte[] Crop(
        byte[] pixels,
        int threshold,
        int enlarged,
        bool isDark,
        SKEncodedImageFormat format = Png,
        int margin = 0)
    {
        var box = Scene.InkBox(pixels, threshold);
        box.Inflate(margin, margin);
        using var crop = new SKBitmap(new SKImageInfo(box.Width, box.Height, SKColorType.Gray8, SKAlphaType.Opaque));
        for (var y = box.Top; y < box.Bottom; y++)
        {
            for (var x = box.Left; x < box.Right; x++)
            {
                var value = x is < 0 or > 27 || y is < 0 or > 27 ? (byte)0 : pixels[(y * 28) + x];
                if (isDark) value = (byte)(255 - value);
                crop.SetPixel(x - box.Left, y - box.Top, new SKColor(value, value, value));
            }
        }

        var (width, height) = (box.Width * enlarged, box.Height * enlarged);
        using var scaled = crop.Resize(
            new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque),
            enlarged == 1 ? SKFilterQuality.None : SKFilterQuality.High);
        using var file = scaled.Encode(format, 80);
        return file.ToArray();
    }

    private static byte[] Touching(byte[] pixels, int size, int where, int i)
    {
        var free = 0.2f + (i * 7 % 60 / 100f);
        var (x, y) = where switch
        {
            0 => (0, free),
            1 => (1, free),
            2 => (free, 0),
            3 => (free, 1),
            4 => (0, 0),
            5 => (1, 0),
            6 => (0, 1),
            7 => (1, 1),
            _ => (0.5f, 0.5f),
        };
        using var scene = new Scene(560, 560, SKColors.White);
        return scene.Digit(pixels, SKColors.Black, size, x, y).Encode();
    }

    private static byte[] Shifted(byte[] pixels, int i, bool isDark)
    {
        var box = Scene.InkBox(pixels);
        var x = i % 2 == 0 ? -box.Left : 28 - box.Right;
        var y = (i / 2 % 3) switch
        {
            0 => 0,
            1 => -box.Top,
            _ => 28 - box.Bottom,
        };
        using var picture = new SKBitmap(new SKImageInfo(28, 28, SKColorType.Gray8, SKAlphaType.Opaque));
        for (var pixel = 0; pixel < pixels.Length; pixel++)
        {
            var (column, row) = ((pixel % 28) - x, (pixel / 28) - y);
            var value = column is < 0 or > 27 || row is < 0 or > 27 ? (byte)0 : pixels[(row * 28) + column];
            if (isDark) value = (byte)(255 - value);
            picture.SetPixel(pixel % 28, pixel / 28, new SKColor(value, value, value));
        }

        using var file = picture.Encode(Png, 100);
        return file.ToArray();
    }

    private static byte[] Small(byte[] pixels, int size, int i)
    {
        using var scene = new Scene(28, 28, SKColors.Black);
        return scene.Digit(pixels, SKColors.White, size, i % 10 / 9f, i % 7 / 6f).Encode();
    }

    private static Scene Photo(byte[] pixels, int i) =>
        new Scene(320, 300, Paper)
            .Digit(pixels, Pen, 130 + (i % 40), 0.4f + (i % 5 * 0.05f), 0.4f + (i % 4 * 0.07f));

    private static byte[] Desk(byte[] pixels, int i, float slope)
    {
        using var scene = Photo(pixels, i);
        var desk = Desks[i % Desks.Length];
        return scene.Strip(desk, i % 4, slope == 0 ? 15 + (i * 7 % 30) : 0, slope)
            .Strip(desk, (i + 1) % 4, slope == 0 ? 15 + (i * 11 % 30) : 0, slope)
            .Noise(8, i)
            .Encode(Jpeg, 80);
    }

    private static byte[] AllAround(byte[] pixels, int i)
    {
        using var scene = Photo(pixels, i);
        for (var side = 0; side < 4; side++)
        {
            var (width, slope) = (12 + (i * (side + 3) % 20), ((i * (side + 5) % 7) - 3) * 0.01f);
            scene.Strip(Desks[i % Desks.Length], side, width, slope);
        }

        return scene.Noise(8, i).Encode(Jpeg, 80);
    }
}
