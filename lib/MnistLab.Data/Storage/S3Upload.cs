using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace MnistLab.Data;

/// <summary>Uploads of any length in flat memory: in one piece if it fits into one part, else in parts, some at a time. Every piece is verified by its MD5, which is its tag.</summary>
internal sealed class S3Upload(AmazonS3Client client, bool isPrivate, string location)
{
    internal const int LargestWhole = 32 << 20;
    private const int FirstGuess = 1 << 20;
    private const int PartSize = 8 << 20;
    private const int PartsAtATime = 4;
    private const int TriesOfAPiece = 3;
    // S3 takes 10,000 parts: those of an unknown length grow, so that 2.5 TB fit, and those of a known one are as large as they have to be.
    private const int MostParts = 10_000;
    private const int PartsOfOneSize = 1_000;
    private const int LargestGrowth = 6;
    private const string ContentType = "application/octet-stream";

    /// <returns>How many bytes were sent, and the tag that the store gave them.</returns>
    public async Task<(long Length, string ETag)> RunAsync(ObjectUrl url, Stream content, PutOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        long? total = content.CanSeek ? content.Length - content.Position : null;
        var (start, length) = await ReadStartAsync(content, total, cancellationToken);
        if (length > LargestWhole)
        {
            if (options.OnlyIfAbsent)
                throw new ObjectStoreException(ObjectStoreError.NotSupported, $"{location} writes an object only if it is absent up to {LargestWhole >> 20} MiB, so {url} was not written. Write it under a name that nobody else writes.");
            return await PutPartsAsync(url, start, content, total, options, progress, cancellationToken);
        }

        var eTag = await PutWholeAsync(url, new ArraySegment<byte>(start, 0, length), options, cancellationToken);
        progress?.Report(new TransferProgress(url, length, length));
        return (length, eTag);
    }

    /// <summary>Reads what fits into one piece, and one byte more, which tells a longer content. Of a content known to be longer only that it is.</summary>
    private static async Task<(byte[] Start, int Length)> ReadStartAsync(Stream content, long? total, CancellationToken cancellationToken)
    {
        if (total > LargestWhole) return ([], LargestWhole + 1);
        var buffer = GC.AllocateUninitializedArray<byte>((int)(total ?? FirstGuess) + 1);
        var length = 0;
        while (true)
        {
            length += await content.ReadAtLeastAsync(buffer.AsMemory(length), buffer.Length - length, throwOnEndOfStream: false, cancellationToken);
            if (length < buffer.Length || length > LargestWhole) return (buffer, length);
            Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, LargestWhole + 1));
        }
    }

    private static string Md5Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    private static MemoryStream StreamOf(ArraySegment<byte> bytes) => new(bytes.Array!, bytes.Offset, bytes.Count, writable: false);

    private static int SizeOfPart(int number, long? total) => total is { } length
        ? (int)Math.Max(PartSize, (length / MostParts) + 1)
        : PartSize << Math.Min(LargestGrowth, (number - 1) / PartsOfOneSize);

    private async Task<string> PutWholeAsync(ObjectUrl url, ArraySegment<byte> content, PutOptions options, CancellationToken cancellationToken)
    {
        var (isKept, eTag) = await SendAsync(content, async () =>
        {
            var request = new PutObjectRequest
            {
                BucketName = url.Bucket,
                Key = url.Key,
                InputStream = StreamOf(content),
                UseChunkEncoding = false,
                DisablePayloadSigning = isPrivate,
                ContentType = ContentType,
                IfNoneMatch = options.OnlyIfAbsent ? "*" : null,
            };
            foreach (var (name, value) in options.Metadata) request.Metadata[name] = value;
            return (await client.PutObjectAsync(request, cancellationToken)).ETag;
        });
        if (isKept) return eTag;
        await client.DeleteObjectAsync(url.Bucket, url.Key, CancellationToken.None);
        throw ObjectStoreErrors.Corrupted(url, location, "the MD5 differs");
    }

    /// <summary>Sends a piece, and once more where the store tells another tag.</summary>
    /// <returns>Whether the store has it as it is here, and its tag here.</returns>
    private static async Task<(bool IsKept, string ETag)> SendAsync(ArraySegment<byte> content, Func<Task<string>> send)
    {
        // While it is sent: it takes as long.
        var eTag = Task.Run(() => Md5Of(content));
        for (var tries = 0; tries < TriesOfAPiece; tries++)
        {
            if ((await send()).Trim('"') == await eTag) return (true, await eTag);
        }

        return (false, await eTag);
    }

    /// <summary>Sends parts; the first of them where they are, in the start that was read, whose memory the later ones take over.</summary>
    private async Task<(long Length, string ETag)> PutPartsAsync(
        ObjectUrl url, ArraySegment<byte> start, Stream content, long? total, PutOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var initiate = new InitiateMultipartUploadRequest { BucketName = url.Bucket, Key = url.Key, ContentType = ContentType };
        foreach (var (name, value) in options.Metadata) initiate.Metadata[name] = value;
        var upload = await client.InitiateMultipartUploadAsync(initiate, cancellationToken);
        // Where one part fails the others end, too: what is sent for nothing may be much.
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<PartETag>>();
        try
        {
            var (parts, buffers, done, sent) = (new List<PartETag>(), new Stack<ArraySegment<byte>>(), 0L, 0L);
            for (var number = 1; ; number++)
            {
                if (running.Count == PartsAtATime) await TakeOneAsync();
                var size = SizeOfPart(number, total);
                var given = Math.Min(start.Count, size);
                var buffer = given == size ? start[..size] : TakeBuffer(size);
                if (given < size) start.CopyTo(buffer);
                start = start[given..];
                var length = given + await content.ReadAtLeastAsync(buffer[given..], size - given, throwOnEndOfStream: false, cancellationToken);
                if (length == 0) break;
                sent += length;
                running.Add(PutAsync(number, buffer, length));
            }

            while (running.Count > 0) await TakeOneAsync();
            return (sent, await CompleteAsync(url, upload.UploadId, [.. parts.OrderBy(part => part.PartNumber)], cancellationToken));

            // Off this thread: hashing a part takes as long as sending it.
            Task<PartETag> PutAsync(int number, ArraySegment<byte> buffer, int length) => Task.Run(
                async () =>
                {
                    var part = await PutPartAsync(url, upload.UploadId, number, buffer[..length], failed.Token);
                    lock (buffers)
                    {
                        buffers.Push(buffer);
                        done += length;
                        progress?.Report(new TransferProgress(url, done, total));
                    }

                    return part;
                },
                failed.Token);

            ArraySegment<byte> TakeBuffer(int size)
            {
                lock (buffers) return buffers.TryPop(out var free) && free.Count == size ? free : GC.AllocateUninitializedArray<byte>(size);
            }

            async Task TakeOneAsync()
            {
                var finished = await Task.WhenAny(running);
                running.Remove(finished);
                parts.Add(await finished);
            }
        }
        catch
        {
            await failed.CancelAsync();
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await AbortAsync(url, upload.UploadId);
            throw;
        }
    }

    private async Task<string> CompleteAsync(ObjectUrl url, string uploadId, List<PartETag> parts, CancellationToken cancellationToken)
    {
        try
        {
            var request = new CompleteMultipartUploadRequest { BucketName = url.Bucket, Key = url.Key, UploadId = uploadId, PartETags = parts };
            return (await client.CompleteMultipartUploadAsync(request, cancellationToken)).ETag.Trim('"');
        }
        catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchUpload")
        {
            // It was completed, the answer was lost, and the request repeated: then the object is there, with the tag of these parts.
            var head = await client.GetObjectMetadataAsync(url.Bucket, url.Key, cancellationToken);
            if (head.ETag.Trim('"') == TagOf(parts)) return TagOf(parts);
            throw;
        }
    }

    /// <summary>The tag of an object of parts: the MD5 of their MD5s, and how many they are.</summary>
    private static string TagOf(List<PartETag> parts)
    {
        byte[] tags = [.. parts.SelectMany(part => Convert.FromHexString(part.ETag))];
        return FormattableString.Invariant($"{Md5Of(tags)}-{parts.Count}");
    }

    /// <summary>Removes what was uploaded, also when cancelled: parts that nobody completes cost money for ever.</summary>
    private async Task AbortAsync(ObjectUrl url, string uploadId)
    {
        try
        {
            await client.AbortMultipartUploadAsync(url.Bucket, url.Key, uploadId, CancellationToken.None);
        }
        catch (Exception error) when (S3Errors.Translate(error, url, location) is not null)
        {
            // Where the server cannot be reached, what the upload failed of is the error to report.
        }
    }

    private async Task<PartETag> PutPartAsync(ObjectUrl url, string uploadId, int number, ArraySegment<byte> content, CancellationToken cancellationToken)
    {
        var (isKept, eTag) = await SendAsync(content, async () =>
        {
            var request = new UploadPartRequest
            {
                BucketName = url.Bucket,
                Key = url.Key,
                UploadId = uploadId,
                PartNumber = number,
                PartSize = content.Count,
                InputStream = StreamOf(content),
                UseChunkEncoding = false,
                DisablePayloadSigning = isPrivate,
            };
            return (await client.UploadPartAsync(request, cancellationToken)).ETag;
        });
        return isKept ? new PartETag(number, eTag) : throw ObjectStoreErrors.Corrupted(url, location, FormattableString.Invariant($"the MD5 of part {number} differs"));
    }
}
