using System.IO.Compression;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Workspaces;

namespace MnistLab.Data.Tests;

/// <summary>
/// Tests that the fast path for the most common images returns the same result as the general decoder, or none.
/// </summary>
public sealed class PlainPngTests
{
    private static readonly ImageDataset Digits = MnistDataset.Load(Workspace.Find().SampleFolder).Test;

    [Fact]
    public void TryDecode_OfEveryFilterAndCompression_IsTheGeneralDecodersAnswer()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var pixels = Digits.Image(i).ToArray();
            if (i % 3 == 0) random.NextBytes(pixels);
            var filter = i % 6;
            var png = PngFile.Write(pixels, DigitImage.Side, row => filter == 5 ? random.Next(5) : filter, (CompressionLevel)(i % 4));

            Assert.Equal(pixels, TryDecode(png));
            Assert.Equal(pixels, ImageDecoder.Decode(png).ToGray());
        }

        Assert.Equal(Digits.Image(0).ToArray(), TryDecode(DigitImage.FromPixels(Digits.Image(0)).ToPng()));
    }

    [Fact]
    public void TryDecode_OfADamagedFile_NeverSaysOtherThanTheGeneralDecoder()
    {
        var random = new Random(2);
        var (taken, left) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var png = PngFile.Write(Digits.Image(i % 100).ToArray(), DigitImage.Side, _ => 1, CompressionLevel.Optimal);
            for (var damages = random.Next(3); damages > 0; damages--) png[random.Next(png.Length)] ^= (byte)(1 << random.Next(8));
            if (random.Next(10) == 0) png = png[..random.Next(png.Length)];
            if (TryDecode(png) is { } pixels)
            {
                taken++;
                Assert.Equal(ImageDecoder.Decode(png).ToGray(), pixels);
            }
            else
            {
                left++;
            }
        }

        Assert.True(taken > 1000 && left > 1000, $"{taken} were taken and {left} left: both should have been tried.");
    }

    [Fact]
    public void TryDecode_OfDamagedDataInAValidChunk_NeverSaysOtherThanTheGeneralDecoder()
    {
        var random = new Random(3);
        var (taken, left) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var level = (CompressionLevel)(i % 4);
            var png = PngFile.Write(Digits.Image(i % 100).ToArray(), DigitImage.Side, _ => 1, level, change: Damage);
            if (TryDecode(png) is { } pixels)
            {
                taken++;
                Assert.Equal(ImageDecoder.Decode(png).ToGray(), pixels);
            }
            else
            {
                left++;
            }
        }

        Assert.True(taken > 1000 && left > 1000, $"{taken} were taken and {left} left: both should have been tried.");

        byte[] Damage(byte[] zlib)
        {
            for (var damages = random.Next(3); damages > 0; damages--) zlib[random.Next(zlib.Length)] ^= (byte)(1 << random.Next(8));
            if (random.Next(10) == 0) zlib = zlib[..random.Next(zlib.Length)];
            return random.Next(10) == 0 ? [.. zlib, (byte)random.Next(256)] : zlib;
        }
    }

    [Fact]
    public void TryDecode_OfOtherPictures_LeavesThem()
    {
        var pixels = Digits.Image(0).ToArray();
        Assert.Null(TryDecode(PngFile.Write(new byte[29 * 29], 29, _ => 0, CompressionLevel.Optimal)));
        Assert.Null(TryDecode(PngFile.Write(pixels, DigitImage.Side, _ => 0, CompressionLevel.Optimal, parts: 3)));
        Assert.Null(TryDecode([.. PngFile.Write(pixels, DigitImage.Side, _ => 0, CompressionLevel.Optimal), 0]));
        Assert.Equal(pixels, DigitImage.Decode(
            PngFile.Write(pixels, DigitImage.Side, _ => 0, CompressionLevel.Optimal, parts: 3)).Pixels.ToArray());
    }

    private static byte[]? TryDecode(ReadOnlySpan<byte> png)
    {
        var pixels = new byte[DigitImage.Side * DigitImage.Side];
        return PlainPng.TryDecode(png, pixels) ? pixels : null;
    }
}
