using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsCheck;
using MnistLab.Data.Idx;
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
                return read.ElementType == array.ElementType
                    && read.Dimensions.SequenceEqual(array.Dimensions)
                    && read.Data.AsSpan().SequenceEqual(array.Data);
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
    public void Read_OneSizeOfZero_IsEmptyHoweverLargeTheOthersAre()
    {
        var array = IdxFile.Read(new MemoryStream([0, 0, 8, 4, 0x7f, 0, 0, 0, 0x7f, 0, 0, 0, 0x7f, 0, 0, 0, 0, 0, 0, 0]), "empty");

        Assert.Empty(array.Data);
        Assert.Equal([0x7f000000, 0x7f000000, 0x7f000000, 0], array.Dimensions);
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
        { "more dimensions than 128 bits can count", [0,
            0,
            8,
            40,
            .. Enumerable.Range(0, 160).Select(i => (byte)(i % 4 == 0 ? 0x40 : 0))], 4 },
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

    [Theory]
    [InlineData("<!DOCTYPE html><html>")]
    [InlineData("\r\n <html>")]
    [InlineData("\uFEFF<html>")]
    public void Read_HtmlPage_SaysSo(string page)
    {
        var content = Encoding.UTF8.GetBytes(page);
        foreach (var bytes in new[] { content, Gzip(content) })
        {
            var error = Assert.Throws<IdxFormatException>(() => IdxFile.Read(new MemoryStream(bytes), "page.gz"));

            Assert.Contains("web page", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Array_NegativeDimension_IsNamedTheSameInAnyCulture()
    {
        var before = CultureInfo.CurrentCulture;
        // As in Swedish and Persian, whose minus signs differ.
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NegativeSign = "\u2212" } };
        try
        {
            var error = Assert.Throws<ArgumentException>(() => new IdxArray(IdxElementType.UInt8, [2, -3], []));
            Assert.Contains("[2, -3]", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Read_MoreThanTheLimit_Throws()
    {
        byte[] content = [0, 0, 0x0C, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8];

        Assert.Equal(8, IdxFile.Read(new MemoryStream(content), "x", limit: 8).Data.Length);
        Assert.Contains(
            "at most 7 bytes",
            Assert.Throws<IdxFormatException>(() => IdxFile.Read(new MemoryStream(content), "x", limit: 7)).Expected,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-4)]
    [InlineData(-8)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5000)]
    public void Read_GzipCutOrWithBytesAfterItsEnd_Throws(int more)
    {
        var whole = Gzip([0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3, 4]);
        var damaged = Enumerable.Repeat((byte)1, whole.Length + more).ToArray();
        whole.AsSpan(0, Math.Min(whole.Length, damaged.Length)).CopyTo(damaged);

        Assert.Equal(12, Assert.Throws<IdxFormatException>(() => IdxFile.Read(new MemoryStream(damaged), "damaged.gz")).Offset);
    }

    [Fact]
    public void Read_CorruptGzip_ThrowsTyped()
    {
        var bytes = Gzip([0, 0, 8, 1, 0, 0, 16, 0, .. Enumerable.Range(0, 4096).Select(i => (byte)(i * i))]);
        bytes[bytes.Length / 2] ^= 0xff;
        bytes[(bytes.Length / 2) + 1] ^= 0xff;

        Assert.Throws<IdxFormatException>(() => IdxFile.Read(new MemoryStream(bytes), "corrupt.gz"));
    }

    [Fact]
    public void Read_AnyMutation_GivesAnArrayOrIdxFormatException()
    {
        var mutated =
            from array in Arrays
            from compressed in Gen.Bool
            from changes in Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[0, 4]
            from cut in Gen.Int[-3, 20]
            select Mutate(Content(array, compressed), changes, cut);
        var (valid, refused) = (0, 0);
        mutated.Sample(
            bytes =>
            {
                try
                {
                    var array = IdxFile.Read(new MemoryStream(bytes), "mutated");
                    Interlocked.Increment(ref valid);
                    // Accepted content must equal the bytes.
                    if (bytes is not [0x1f, 0x8b, ..]) Assert.Equal(bytes, Content(array, compressed: false));
                }
                catch (IdxFormatException error)
                {
                    Interlocked.Increment(ref refused);
                    // The position is within the content; deflate produces at most 1,032 bytes from one byte.
                    Assert.InRange(error.Offset, 0, bytes is [0x1f, 0x8b, ..] ? bytes.Length * 1_032L : bytes.Length);
                }
            },
            iter: 120_000);
        // Both outcomes occur, and often.
        Assert.InRange(valid, 1_000, 119_000);
        Assert.InRange(refused, 1_000, 119_000);
    }

    private static byte[] Content(IdxArray array, bool compressed)
    {
        using var stream = new MemoryStream();
        IdxFile.Write(stream, array);
        return compressed ? Gzip(stream.ToArray()) : stream.ToArray();
    }

    /// <summary>Some bytes are changed, and some are cut off the end or appended to it.</summary>
    private static byte[] Mutate(byte[] content, (int Position, byte Value)[] changes, int cut)
    {
        foreach (var (position, value) in changes) content[position % content.Length] = value;
        return cut < 0 ? [.. content, .. new byte[-cut]] : cut > 10 ? content[..Math.Max(0, content.Length - cut + 10)] : content;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(content);
        return compressed.ToArray();
    }
}
