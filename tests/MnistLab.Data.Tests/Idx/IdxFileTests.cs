using System.IO.Compression;
using CsCheck;
using MnistLab.Testing;

namespace MnistLab.Data.Tests;

public sealed class IdxFileTests
{
    private static readonly Gen<IdxArray> Arrays =
        from type in Gen.Enum<IdxElementType>()
        from dimensions in Gen.Int[0, 6].Array[1, 4]
        from data in Gen.Byte.Array[dimensions.Aggregate(IdxArray.SizeOf(type), (bytes, size) => bytes * size)]
        select new IdxArray(type, dimensions, data);

    [Theory]
    [InlineData("digits")]
    [InlineData("digits.gz")]
    public void Read_WhatWasWritten_GivesTheSameArray(string name)
    {
        using var folder = new TemporaryFolder();
        Arrays.Sample(
            array =>
            {
                IdxFile.Write(folder[name], array);
                var read = IdxFile.Read(folder[name]);
                return read.ElementType == array.ElementType && read.Dimensions.SequenceEqual(array.Dimensions) && read.Data.AsSpan().SequenceEqual(array.Data);
            },
            iter: 100,
            threads: 1);
        Assert.Equal([name], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Read_GzipUnderAnyName_IsSeenByContent()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["plain-name"], Gzip([0, 0, 8, 1, 0, 0, 0, 2, 5, 6]));

        Assert.Equal([5, 6], IdxFile.Read(folder["plain-name"]).Data);
    }

    [Fact]
    public void Write_TheHeader_IsAsTheFormatSays()
    {
        using var stream = new MemoryStream();

        IdxFile.Write(stream, new IdxArray(IdxElementType.Int16, [1, 2], [1, 2, 3, 4]));

        Assert.Equal([0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4], stream.ToArray());
    }

    public static TheoryData<string, byte[], long> Damaged => new()
    {
        { "empty", [], 0 },
        { "truncated magic number", [0, 0, 8], 3 },
        { "wrong magic number", [1, 0, 8, 1, 0, 0, 0, 0], 0 },
        { "unknown type", [0, 0, 7, 1, 0, 0, 0, 0], 2 },
        { "no dimension", [0, 0, 8, 0], 3 },
        { "truncated dimensions", [0, 0, 8, 2, 0, 0, 0, 1, 0], 9 },
        { "negative size", [0, 0, 8, 1, 0xff, 0, 0, 0], 4 },
        { "too large", [0, 0, 8, 3, 0x7f, 0, 0, 0, 0x7f, 0, 0, 0, 0x7f, 0, 0, 0], 4 },
        { "lying header", [0, 0, 8, 1, 0x7f, 0, 0, 0, 1, 2, 3], 11 },
        { "truncated payload", [0, 0, 8, 1, 0, 0, 0, 3, 1, 2], 10 },
        { "bytes after the payload", [0, 0, 8, 1, 0, 0, 0, 1, 1, 2], 9 },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Read_DamagedFile_ThrowsWithFileAndOffset(string what, byte[] content, long offset)
    {
        foreach (var bytes in new[] { content, Gzip(content) })
        {
            var error = Assert.Throws<IdxFormatException>(() => IdxFile.Read(new MemoryStream(bytes), what));

            Assert.Equal((what, offset), (error.File, error.Offset));
            Assert.Contains(what, error.Message, StringComparison.Ordinal);
            if (content.Length == 0) break;
        }
    }

    [Fact]
    public void Read_HtmlPage_SaysSo()
    {
        var error = Assert.Throws<IdxFormatException>(() => IdxFile.Read(new MemoryStream("<!DOCTYPE html><html>"u8.ToArray()), "page.gz"));

        Assert.Contains("web page", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CorruptGzip_ThrowsTyped()
    {
        var bytes = Gzip([0, 0, 8, 1, 0, 0, 16, 0, .. Enumerable.Range(0, 4096).Select(i => (byte)(i * i))]);
        bytes[bytes.Length / 2] ^= 0xff;
        bytes[(bytes.Length / 2) + 1] ^= 0xff;

        Assert.Throws<IdxFormatException>(() => IdxFile.Read(new MemoryStream(bytes), "corrupt.gz"));
    }

    private static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(content);
        return compressed.ToArray();
    }
}
