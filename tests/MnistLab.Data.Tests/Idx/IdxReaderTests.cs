using System.IO.Compression;
using MnistLab.Data.Idx;

namespace MnistLab.Data.Tests;

public sealed class IdxReaderTests
{
    private static readonly byte[] TwoShorts = [0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4];

    [Fact]
    public void Read_CallersMemory_IsFilledAsTheFileIs()
    {
        using var reader = IdxReader.Open(new MemoryStream(TwoShorts), "shorts");
        Span<byte> destination = stackalloc byte[4];

        reader.Read(destination);

        Assert.Equal((IdxElementType.Int16, 4L), (reader.ElementType, reader.PayloadLength));
        Assert.Equal([2, 1], reader.Dimensions);
        Assert.Equal([1, 2, 3, 4], destination.ToArray());
    }

    [Fact]
    public void Read_MemoryOfAnotherLength_IsRefusedAndLosesNothing()
    {
        using var reader = IdxReader.Open(new MemoryStream(TwoShorts), "shorts");
        var destination = new byte[4];

        Assert.Contains("4 bytes", Assert.Throws<ArgumentException>(() => reader.Read(new byte[5])).Message, StringComparison.Ordinal);
        reader.Read(destination);

        Assert.Equal([1, 2, 3, 4], destination);
        Assert.Throws<InvalidOperationException>(() => reader.Read(destination));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dispose_Stream_StaysOpenIfAsked(bool leaveOpen)
    {
        var stream = new MemoryStream(TwoShorts);

        IdxReader.Open(stream, "shorts", leaveOpen: leaveOpen).Dispose();

        Assert.Equal(leaveOpen, stream.CanRead);
    }

    [Fact]
    public void Open_NoIdxFile_ClosesTheFile()
    {
        var path = Path.GetTempFileName();
        Assert.Throws<IdxFormatException>(() => IdxReader.Open(path));

        using (File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
        }

        File.Delete(path);
    }

    [Fact]
    public void Read_LargeFile_AllocatesLittleMoreThanThePayload()
    {
        const int Length = 40 << 20;
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true)) IdxFile.Write(
            gzip, new IdxArray(IdxElementType.UInt8, [Length], new byte[Length]));
        stream.Position = 0;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var array = IdxFile.Read(stream, "large");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange((double)allocated / array.Data.Length, 1, 1.05);
    }
}
