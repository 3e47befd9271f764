using System.Buffers;
using System.Security.Cryptography;
using MnistLab.Data.Datasets;
using MnistLab.Data.Idx;

namespace MnistLab.Data.Download;

/// <summary>
/// Verifies files against the description of a dataset, by the length and the SHA-256 of their decompressed content.
/// </summary>
internal static class ContentCheck
{
    private const int BufferLength = 1 << 16;
    private const int PeekLength = 16;

    // A web page may begin with a byte order mark and white space.
    private static readonly byte[] Blank = [0xef, 0xbb, 0xbf, .. " \t\r\n"u8];

    /// <summary>
    /// Returns the problem with a file on disk, phrased to follow "it holds"; null if the file is valid.
    /// </summary>
    public static async Task<string?> VerifyAsync(string path, DatasetFile file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.SequentialScan);
        return await VerifyAsync(stream, file, cancellationToken);
    }

    /// <summary>
    /// Returns the problem with a stream, which is at its start and stays open; null if its content is valid.
    /// </summary>
    public static Task<string?> VerifyAsync(Stream stream, DatasetFile file, CancellationToken cancellationToken) =>
        Task.Run(() => Verify(stream, file, cancellationToken), cancellationToken);

    private static string? Verify(Stream stream, DatasetFile file, CancellationToken cancellationToken)
    {
        var start = new byte[PeekLength];
        var peeked = stream.ReadAtLeast(start, PeekLength, throwOnEndOfStream: false);
        if (start.AsSpan(0, peeked).TrimStart(Blank) is [(byte)'<', ..]) return "a web page instead of the file";

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            using var content = GzipContentStream.Open(new PrefixedStream(start[..peeked], stream));
            var length = 0L;
            while (content.Read(buffer) is > 0 and var read)
            {
                cancellationToken.ThrowIfCancellationRequested();
                length += read;
                if (length > file.Length)
                    return FormattableString.Invariant($"more than the {file.Length} bytes of content that the file has");
                hash.AppendData(buffer.AsSpan(0, read));
            }

            if (length < file.Length) return FormattableString.Invariant($"{length} bytes of content; the file has {file.Length}");
            var found = Convert.ToHexStringLower(hash.GetHashAndReset());
            return found == file.Sha256 ? null : $"other content: its SHA-256 is {found}, and should be {file.Sha256}";
        }
        catch (InvalidDataException error)
        {
            return error.Message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
