using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace MnistLab.Data;

/// <summary>Tells whether bytes are a dataset's file, while they arrive: decompresses and hashes them.</summary>
internal sealed class ContentCheck : IAsyncDisposable
{
    private const int BufferLength = 1 << 16;

    // A web page may begin with a byte order mark and blank lines.
    private static readonly byte[] Blank = [0xef, 0xbb, 0xbf, .. " \t\r\n"u8];

    private readonly Pipe _pipe = new(new PipeOptions(useSynchronizationContext: false));
    private readonly Task<string?> _verdict;

    public ContentCheck(DatasetFile file) => _verdict = Task.Run(async () =>
    {
        var verdict = await ReadAsync(_pipe.Reader, file, CancellationToken.None);
        // Whoever writes goes on writing after the end of good content; after bad content it is told to stop.
        if (verdict is null) await _pipe.Reader.CopyToAsync(Stream.Null);
        await _pipe.Reader.CompleteAsync();
        return verdict;
    });

    /// <summary>What is wrong with a file on the disk, in words that continue "it holds …"; null if it is right.</summary>
    public static async Task<string?> VerifyAsync(string path, DatasetFile file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, useAsync: true);
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferLength, leaveOpen: true));
        var verdict = await ReadAsync(reader, file, cancellationToken);
        await reader.CompleteAsync();
        return verdict;
    }

    /// <summary>Takes the next bytes; false if they cannot become right any more.</summary>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        !(await _pipe.Writer.WriteAsync(bytes, cancellationToken)).IsCompleted;

    /// <summary>After the last byte: what is wrong with the content, in words that continue "it sent …"; null if it is right.</summary>
    public async Task<string?> CompleteAsync()
    {
        await _pipe.Writer.CompleteAsync();
        return await _verdict;
    }

    public async ValueTask DisposeAsync()
    {
        await _pipe.Writer.CompleteAsync();
        await _verdict;
    }

    private static async Task<string?> ReadAsync(PipeReader reader, DatasetFile file, CancellationToken cancellationToken)
    {
        var (isCompressed, isPage) = await PeekAsync(reader, cancellationToken);
        if (isPage) return "a web page instead of the file";

        await using var raw = reader.AsStream(leaveOpen: true);
        await using var content = isCompressed ? new GZipStream(raw, CompressionMode.Decompress, leaveOpen: true) : raw;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            var length = 0L;
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                length += read;
                if (length > file.Length) return FormattableString.Invariant($"more than the {file.Length} bytes of content that the file has");
                hash.AppendData(buffer.AsSpan(0, read));
            }

            if (length < file.Length) return FormattableString.Invariant($"{length} bytes of content; the file has {file.Length}");
            var found = Convert.ToHexStringLower(hash.GetHashAndReset());
            return found == file.Sha256 ? null : $"other content: its SHA-256 is {found}, and should be {file.Sha256}";
        }
        catch (InvalidDataException)
        {
            return "damaged or incomplete gzip data";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<(bool IsCompressed, bool IsPage)> PeekAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        const int Length = 16;
        var start = (await reader.ReadAtLeastAsync(Length, cancellationToken)).Buffer;
        var bytes = start.Slice(0, Math.Min(Length, start.Length)).ToArray();
        reader.AdvanceTo(start.Start);
        return (bytes is [0x1f, 0x8b, ..], new ReadOnlySpan<byte>(bytes).TrimStart(Blank) is [(byte)'<', ..]);
    }
}
