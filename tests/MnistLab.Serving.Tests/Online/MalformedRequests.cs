using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Generates requests of all protocols that are damaged at random: bytes changed, removed, duplicated, or swapped, and
/// numbers replaced. The same seed yields the same requests.
/// </summary>
internal sealed class MalformedRequests
{
    private readonly Random _random;
    private readonly (string Head, byte[] Body)[] _good;
    private static readonly byte[][] Nasty =
    [
        "\0"u8.ToArray(),
            "\r\n\r\n"u8.ToArray(),
            "\r\n--b\r\n"u8.ToArray(),
            "--"u8.ToArray(),
            "NaN"u8.ToArray(),
            "1e999"u8.ToArray(),
            "-1"u8.ToArray(),
            "99999999999"u8.ToArray(),
            "null"u8.ToArray(),
            "[[[[[[[[["u8.ToArray(),
            "{\"a\":"u8.ToArray(),
        "\\uD800"u8.ToArray(),
            [0xFF, 0xFE],
            [0xC0, 0x80],
            "\""u8.ToArray(),
            "0"u8.ToArray(),
            "filename*=utf-8''%00"u8.ToArray(),
            [0x7F, 0xFF, 0xFF, 0xFF],
            [0xFF, 0xFF, 0xFF, 0xFF],
    ];

    public MalformedRequests(int seed)
    {
        _random = new Random(seed);
        var numbers = string.Join(",", RunningApplication.Pixels(3).Select(pixel => pixel.ToString("0.##")));
        byte[] bomb = [.. Png(28, 28)];
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(16), 50_000);
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(20), 50_000);
        _good =
        [
            Multipart(RunningApplication.Png(1)),
            Multipart(Png(40, 30)),
            Multipart(Draw(SKEncodedImageFormat.Jpeg)),
            Multipart(Gif()),
            Multipart(Bmp()),
            Multipart(bomb),
            ("POST /v1/models/digits:predict HTTP/1.1\r\nContent-Type: application/json", Encoding.UTF8.GetBytes(
                $"{{\"instances\":[[{numbers}],{{\"b64\":\"{Convert.ToBase64String(RunningApplication.Png(2))}\"}}]}}")),
            ("POST /v1/models/digits:predict HTTP/1.1\r\nContent-Type: application/json", Encoding.UTF8.GetBytes(
                $"{{\"signature_name\":\"serving_default\",\"inputs\":{{\"images\":[[{numbers}]]}}}}")),
            ("POST /v2/models/digits/infer HTTP/1.1\r\nContent-Type: application/json", Encoding.UTF8.GetBytes(
                $"{{\"id\":\"7\",\"inputs\":[{{\"name\":\"images\",\"shape\":[1,784],\"datatype\":\"FP32\",\"data\":[{numbers}]}}],\"outputs\":[{{\"name\":\"label\"}}]}}")),
            Binary(),
        ];
    }

    /// <summary>Writes the next request.</summary>
    public void WriteNext(Stream target)
    {
        var (head, body) = _good[_random.Next(_good.Length)];
        var damaged = new List<byte>(body);
        for (var i = _random.Next(1, 5); i > 0 && damaged.Count > 0; i--) Damage(damaged);
        if (_random.Next(20) == 0 && head.Contains("Inference-Header", StringComparison.Ordinal))
            head = head[..(head.LastIndexOf(' ') + 1)] + _random.Next(-5, 5000);
        if (_random.Next(20) == 0) head = head.Replace("boundary=", "boundary=\"", StringComparison.Ordinal);
        if (_random.Next(20) == 0) head = head.Replace("digits", "d%0d%0a", StringComparison.Ordinal);
        target.Write(Encoding.ASCII.GetBytes($"{head}\r\nHost: localhost\r\nContent-Length: {damaged.Count}\r\n\r\n"));
        target.Write([.. damaged]);
    }

    private void Damage(List<byte> body)
    {
        var at = _random.Next(body.Count);
        var length = Math.Min(_random.Next(1, 1 << _random.Next(1, 8)), body.Count - at);
        switch (_random.Next(6))
        {
            case 0:
                body[at] = (byte)_random.Next(256);
                break;
            case 1:
                body[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2:
                body.RemoveRange(at, length);
                break;
            case 3:
                body.RemoveRange(at, body.Count - at);
                break;
            case 4:
                body.InsertRange(at, body.GetRange(_random.Next(body.Count - length + 1), length));
                break;
            default:
                body.InsertRange(at, Nasty[_random.Next(Nasty.Length)]);
                break;
        }
    }

    private static (string Head, byte[] Body) Multipart(byte[] file) => (
        "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b",
        [.. "--b\r\nContent-Disposition: form-data; name=\"images\"; filename=\"digit.png\"\r\nContent-Type: image/png\r\n\r\n"u8,
            .. file,
            .. "\r\n--b--\r\n"u8]);

    private static (string Head, byte[] Body) Binary()
    {
        var json =
            """{"inputs":[{"name":"images","shape":[1,1,28,28],"datatype":"FP32","parameters":{"binary_data_size":3136}}],"outputs":[{"name":"label","parameters":{"binary_data":true}}]}"""u8;
        var body = new byte[json.Length + 3136];
        json.CopyTo(body);
        var pixels = RunningApplication.Pixels(4);
        for (var i = 0; i < pixels.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(body.AsSpan(json.Length + (4 * i)), pixels[i]);
        return ($"POST /v2/models/digits/infer HTTP/1.1\r\nInference-Header-Content-Length: {json.Length}", body);
    }

    private static byte[] Png(int width, int height) => Draw(SKEncodedImageFormat.Png, width, height);

    private static byte[] Draw(SKEncodedImageFormat format, int width = 40, int height = 40)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.White);
        using (var canvas = new SKCanvas(bitmap)) canvas.DrawLine(
            width / 2, 5, width / 2, height - 5, new SKPaint { Color = SKColors.Black, StrokeWidth = 4 });
        using var file = bitmap.Encode(format, 80);
        return file.ToArray();
    }

    // Skia can write neither; both are short enough to be written by hand: 4 × 4 pixels in two colors.
    private static byte[] Gif() =>
    [
        .. "GIF89a"u8,
            4,
            0,
            4,
            0,
            0x80,
            0,
            0,
            255,
            255,
            255,
            0,
            0,
            0,
            0x2C,
            0,
            0,
            0,
            0,
            4,
            0,
            4,
            0,
            0,
            2,
            5,
            0x84,
            0x6F,
            0x13,
            0x80,
            0x50,
            0,
            0x3B,
    ];

    private static byte[] Bmp()
    {
        var file = new byte[54 + 48];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), 4);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), 4);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        file.AsSpan(54 + 12, 12).Fill(255);
        return file;
    }
}
