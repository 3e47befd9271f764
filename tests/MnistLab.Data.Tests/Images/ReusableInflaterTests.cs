using System.IO.Compression;
using MnistLab.Data.Images;

namespace MnistLab.Data.Tests;

/// <summary>
/// Tests that each stream in a sequence is inflated as the general reader inflates it alone, or is rejected.
/// </summary>
public sealed class ReusableInflaterTests
{
    private const int Length = 812;

    [Fact]
    public void TryInflate_OfManyStreamsOneAfterTheOther_GivesWhatEachHolds()
    {
        var random = new Random(1);
        using var inflater = new ReusableInflater();
        for (var i = 0; i < 2000; i++)
        {
            var content = Content(random);
            var target = new byte[Length];

            Assert.True(inflater.TryInflate(Compress(content, (CompressionLevel)(i % 4)), target));
            Assert.Equal(content, target);
        }
    }

    [Fact]
    public void TryInflate_OfADamagedStream_NeverSaysOtherThanTheGeneralReader()
    {
        var random = new Random(2);
        var inflater = new ReusableInflater();
        var (taken, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var zlib = Compress(Content(random), (CompressionLevel)(i % 4));
            for (var damages = random.Next(3); damages > 0; damages--) zlib[random.Next(zlib.Length)] ^= (byte)(1 << random.Next(8));
            if (random.Next(10) == 0) zlib = zlib[..random.Next(zlib.Length)];
            if (random.Next(10) == 0) zlib = [.. zlib, (byte)random.Next(256)];
            var target = new byte[Length];
            if (inflater.TryInflate(zlib, target))
            {
                taken++;
                Assert.Equal(Decompress(zlib), target);
            }
            else
            {
                refused++;
                inflater.Dispose();
                inflater = new ReusableInflater();
            }
        }

        inflater.Dispose();
        Assert.True(taken > 5000 && refused > 5000, $"{taken} were taken and {refused} refused: both should have been tried.");
    }

    [Theory]
    [InlineData(Length - 1)]
    [InlineData(Length + 1)]
    [InlineData(0)]
    public void TryInflate_OfAnotherLength_IsRefused(int length)
    {
        using var inflater = new ReusableInflater();
        Assert.False(inflater.TryInflate(Compress(new byte[length], CompressionLevel.Optimal), new byte[Length]));
    }

    [Fact]
    public void TryInflate_OfTooLongAStream_IsRefused()
    {
        using var inflater = new ReusableInflater();
        var content = new byte[ReusableInflater.LargestData];
        new Random(3).NextBytes(content);
        Assert.False(inflater.TryInflate(Compress(content, CompressionLevel.Optimal), new byte[content.Length]));
    }

    [Fact]
    public void TryInflate_OfAsMuchAsItMayHold_IsRight()
    {
        using var inflater = new ReusableInflater();
        var (content, target) = (new byte[ReusableInflater.LargestContent], new byte[ReusableInflater.LargestContent]);
        Array.Fill(content, byte.MaxValue);

        Assert.True(inflater.TryInflate(Compress(content, CompressionLevel.Optimal), target));
        Assert.Equal(content, target);
        Assert.Throws<ArgumentOutOfRangeException>("target", () => inflater.TryInflate(
            Compress(content, CompressionLevel.Optimal), new byte[ReusableInflater.LargestContent + 1]));
    }

    [Fact]
    public void TryInflate_Again_AllocatesNothing()
    {
        using var inflater = new ReusableInflater();
        var zlib = Compress(Content(new Random(4)), CompressionLevel.Optimal);
        var target = new byte[Length];
        for (var i = 0; i < 100; i++) Assert.True(inflater.TryInflate(zlib, target));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) inflater.TryInflate(zlib, target);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>Returns bytes with some repetition, as in images.</summary>
    private static byte[] Content(Random random)
    {
        var content = new byte[Length];
        if (random.Next(4) == 0) random.NextBytes(content);
        else for (var i = 0; i < 200; i++) content[random.Next(Length)] = (byte)random.Next(256);
        return content;
    }

    private static byte[] Compress(byte[] content, CompressionLevel level)
    {
        using var target = new MemoryStream();
        using (var zlib = new ZLibStream(target, level, leaveOpen: true)) zlib.Write(content);
        return target.ToArray();
    }

    private static byte[] Decompress(byte[] zlib)
    {
        using var stream = new ZLibStream(new MemoryStream(zlib), CompressionMode.Decompress);
        using var target = new MemoryStream();
        stream.CopyTo(target);
        return target.ToArray();
    }
}
