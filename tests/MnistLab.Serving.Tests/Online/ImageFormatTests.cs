using System.Buffers.Binary;
using System.Net;
using System.Text.Json.Nodes;
using SkiaSharp;

namespace MnistLab.Serving.Tests;

/// <summary>Tests the image formats that the API description lists.</summary>
public sealed class ImageFormatTests(FastModel model)
{
    private const int Size = 100;
    private const string Lossless = "image/webp, lossless";

    [Fact]
    public async Task Post_AnImageOfEveryFormatOffered_IsReadAsTheSameDigit()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);
        var document = JsonNode.Parse(await service.Http.GetStringAsync("/openapi.json"))!;
        var form = document["paths"]!["/"]!["post"]!["requestBody"]!["content"]!["multipart/form-data"]!;
        var offered = $"{form["encoding"]!["images"]!["contentType"]}".Split(", ");

        Assert.Equal(["image/png", "image/jpeg", "image/bmp", "image/gif", "image/webp"], offered);
        foreach (var type in offered.Append(Lossless))
        {
            using var content = new ByteArrayContent(Draw(type));
            using var response = await service.Http.PostAsync("/", new MultipartFormDataContent { { content, "images", "digit" } });
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{type}: {text}");
            Assert.Equal((type, "1"), (type, $"{JsonNode.Parse(text)!["predicted_label"]}"));
        }
    }

    private static byte[] Draw(string type)
    {
        using var bitmap = new SKBitmap(Size, Size);
        bitmap.Erase(SKColors.White);
        using (var canvas = new SKCanvas(bitmap)) canvas.DrawLine(
            Size / 2, 20, Size / 2, 80, new SKPaint { Color = SKColors.Black, StrokeWidth = 9 });
        if (type == "image/bmp") return Bmp(bitmap);
        if (type == "image/gif") return Gif(bitmap);
        using var pixels = bitmap.PeekPixels();
        using var file = type == Lossless ? pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 100)) : bitmap.Encode(
            type switch
            {
                "image/jpeg" => SKEncodedImageFormat.Jpeg,
                "image/webp" =>
                SKEncodedImageFormat.Webp,
                _ => SKEncodedImageFormat.Png
            }, 90);
        return file.ToArray();
    }

    // Skia can write neither of these two.
    private static byte[] Bmp(SKBitmap bitmap)
    {
        const int Header = 54;
        var file = new byte[Header + (3 * Size * Size)];
        "BM"u8.CopyTo(file);
        foreach (var (at, value) in new[] { (2, file.Length), (10, Header), (14, 40), (18, Size), (22, -Size) })
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        for (var i = 0; i < Size * Size; i++) file.AsSpan(Header + (3 * i), 3).Fill(bitmap.GetPixel(i % Size, i / Size).Red);
        return file;
    }

    // Not compressed: the table is cleared before codes would grow to nine bits, so that each of them is a byte.
    private static byte[] Gif(SKBitmap bitmap)
    {
        const byte Clear = 0x80;
        const byte End = 0x81;
        using var codes = new MemoryStream();
        for (var i = 0; i < Size * Size; i++)
        {
            if (i % 100 == 0) codes.WriteByte(Clear);
            codes.WriteByte(bitmap.GetPixel(i % Size, i / Size).Red > 127 ? (byte)1 : (byte)0);
        }

        codes.WriteByte(End);
        using var file = new MemoryStream();
        file.Write([.. "GIF89a"u8, Size, 0, Size, 0, 0xF6, 0, 0]);
        file.Write([0, 0, 0, 255, 255, 255, .. new byte[3 * 126], 0x2C, 0, 0, 0, 0, Size, 0, Size, 0, 0, 7]);
        foreach (var block in codes.ToArray().Chunk(255)) file.Write([(byte)block.Length, .. block]);
        file.Write([0, 0x3B]);
        return file.ToArray();
    }
}
