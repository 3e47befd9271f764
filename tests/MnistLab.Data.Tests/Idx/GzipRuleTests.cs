using System.IO.Compression;
using System.Security.Cryptography;
using MnistLab.Data.Datasets;
using MnistLab.Data.Download;
using MnistLab.Data.Idx;
using MnistLab.Testing;

namespace MnistLab.Data.Tests;

/// <summary>
/// Tests that one rule defines a gzip file: a file that verifies can be read, and a file that cannot be read does not
/// verify.
/// </summary>
public sealed class GzipRuleTests : IDisposable
{
    private static readonly byte[] Content = Idx(5_000);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, byte[]> Valid => new()
    {
        { "one member", Gzip(Content) },
        { "two members", [.. Gzip(Content[..1000]), .. Gzip(Content[1000..])] },
        { "a member for each byte of the header", [.. Content[..8].SelectMany(value => Gzip([value])), .. Gzip(Content[8..])] },
        { "an empty member at the end, as bgzip writes it", [.. Gzip(Content), .. Gzip([])] },
        { "stored, not compressed", Gzip(Content, CompressionLevel.NoCompression) },
        { "one zero after the end", [.. Gzip(Content), 0] },
        { "zeros up to a block's end", [.. Gzip(Content), .. new byte[100_000]] },
        { "two members and zeros", [.. Gzip(Content[..10]), .. Gzip(Content[10..]), .. new byte[512]] },
    };

    public static TheoryData<string, byte[]> Invalid => new()
    {
        { "no trailer", Gzip(Content)[..^8] },
        { "half a trailer", Gzip(Content)[..^4] },
        { "the last byte is missing", Gzip(Content)[..^1] },
        { "half of it", Gzip(Content)[..2000] },
        { "stored, half of it", Gzip(Content, CompressionLevel.NoCompression)[..2500] },
        { "the second member is cut", [.. Gzip(Content), .. Gzip([])[..^1]] },
        { "a byte after the end", [.. Gzip(Content), 7] },
        { "text after the end", [.. Gzip(Content), .. "-- signature"u8] },
        { "zeros and then text", [.. Gzip(Content), 0, 0, .. "text"u8] },
        { "a member after zeros", [.. Gzip(Content), 0, .. Gzip([])] },
        { "a wrong check sum", [.. Gzip(Content)[..^8], 1, 2, 3, 4, .. Gzip(Content)[^4..]] },
        { "a wrong length", [.. Gzip(Content)[..^4], 1, 0, 0, 0] },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Valid), DisableDiscoveryEnumeration = true)]
    public async Task File_ThatGzipReads_VerifiesAndIsRead(string what, byte[] file)
    {
        Assert.Null(await VerifyAsync(file));
        Assert.Equal(Content[8..], IdxFile.Read(new MemoryStream(file), what).Data);
        Assert.Equal(Content[8..], IdxFile.Read(new Trickle(file), what).Data);
    }

    [Theory]
    [MemberData(nameof(Invalid), DisableDiscoveryEnumeration = true)]
    public async Task File_ThatGzipRefuses_NeitherVerifiesNorIsRead(string what, byte[] file)
    {
        var problem = await VerifyAsync(file);
        Assert.NotNull(problem);
        Assert.Contains("gzip", problem, StringComparison.Ordinal);
        Assert.Contains(
            "gzip",
            Assert.Throws<IdxFormatException>(() => IdxFile.Read(new MemoryStream(file), what)).Message,
            StringComparison.Ordinal);
        Assert.Throws<IdxFormatException>(() => IdxFile.Read(new Trickle(file), what));
    }

    [Fact]
    public async Task File_CutAnywhere_NeitherVerifiesNorIsRead()
    {
        byte[] file = [.. Gzip(Content[..20]), .. Gzip(Content[20..60], CompressionLevel.NoCompression), .. Gzip(Content[60..])];
        for (var length = 3; length < file.Length; length += length < 120 ? 1 : 13)
        {
            Assert.NotNull(await VerifyAsync(file[..length]));
            Assert.Throws<IdxFormatException>(() => IdxFile.Read(new MemoryStream(file[..length]), "cut"));
        }
    }

    private async Task<string?> VerifyAsync(byte[] file)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Content));
        var roles = Enum.GetValues<DatasetFileRole>();
        var files = roles.Select(role => new DatasetFile(role, $"{role}.gz", Content.Length, hash));
        var description = new DatasetDescription("one", "One", files, ImageKind.Digits, []);
        foreach (var part in description.Files) await File.WriteAllBytesAsync(_folder[part.Name], file);
        return (await DatasetDownload.VerifyAsync(
            description, _folder.Path, TestContext.Current.CancellationToken)).Values.Distinct().Single();
    }

    private static byte[] Idx(int length)
    {
        var random = new Random(5);
        var data = new byte[length];
        // Zeros at the end, which must not be treated as padding.
        for (var i = 0; i < length - 300; i++) data[i] = (byte)random.Next(40);
        using var stream = new MemoryStream();
        IdxFile.Write(stream, new IdxArray(IdxElementType.UInt8, [length], data));
        return stream.ToArray();
    }

    private static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, level)) gzip.Write(content);
        // The platform writes no bytes for empty content; this is a gzip file with empty content.
        return content.Length > 0 ? compressed.ToArray() : [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    /// <summary>Returns one byte at a time, like a slow connection.</summary>
    private sealed class Trickle(byte[] content) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }
}
