using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace MnistLab.Storage.S3;

/// <summary>
/// Uploads content of any length in constant memory: in one request up to <see cref="MultipartThreshold"/>, otherwise
/// in several parts at a time. Every request carries the MD5 of its body (<c>Content-MD5</c>), which the server checks
/// before it stores anything. The ETag of the response cannot be used as a check: with SSE-KMS or SSE-C, and on some
/// servers, it is not the MD5.
/// </summary>
internal sealed class S3Upload(AmazonS3Client client, bool isPrivate, S3Endpoint endpoint)
{
    internal const int MultipartThreshold = 32 << 20;
    private const int FirstGuess = 1 << 20;
    private const int PartSize = 8 << 20;
    private const int PartsAtATime = 4;
    private const int MaxAttempts = 3;

    // S3 accepts 10,000 parts. For content of unknown length, the part size grows, so that 2.5 TB fit; for other
    // content, parts are only as large as necessary.
    private const int MaxParts = 10_000;
    private const int PartsOfOneSize = 1_000;
    private const int MaxGrowth = 6;
    private const string ContentType = "application/octet-stream";

    // Identifies an object as the result of one upload, which its ETag does not.
    private const string UploadMarker = "mnistlab-upload";

    /// <returns>The number of bytes sent, and the ETag of the response.</returns>
    public async Task<(long Length, string? ETag)> RunAsync(
        ObjectUrl url, Stream content, PutOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        long? total = content.CanSeek ? content.Length - content.Position : null;
        var (start, length) = await ReadStartAsync(content, total, cancellationToken);
        if (length > MultipartThreshold)
        {
            if (options.OnlyIfAbsent)
            {
                throw new ObjectStoreException(
                    ObjectStoreError.NotSupported,
                    $"{url} was not written: {endpoint.Describe(url)} supports writing only if absent "
                    + $"up to {MultipartThreshold >> 20} MiB. "
                    + "Choose a name that no other client writes to.");
            }

            return await PutPartsAsync(url, start, content, total, progress, cancellationToken);
        }

        var eTag = await PutWholeAsync(url, new ArraySegment<byte>(start, 0, length), options, cancellationToken);
        progress?.Report(new TransferProgress(url, length, length));
        return (length, eTag);
    }

    /// <summary>
    /// Reads up to one byte more than fits into one request. Nothing is read if the content is known to be longer.
    /// </summary>
    private static async Task<(byte[] Start, int Length)> ReadStartAsync(Stream content, long? total, CancellationToken cancellationToken)
    {
        if (total > MultipartThreshold) return ([], MultipartThreshold + 1);
        var buffer = GC.AllocateUninitializedArray<byte>((int)(total ?? FirstGuess) + 1);
        var length = 0;
        while (true)
        {
            length += await content.ReadAtLeastAsync(
                buffer.AsMemory(length), buffer.Length - length, throwOnEndOfStream: false, cancellationToken);
            if (length < buffer.Length || length > MultipartThreshold) return (buffer, length);
            Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, MultipartThreshold + 1));
        }
    }

    private static MemoryStream StreamOf(ArraySegment<byte> bytes) => new(bytes.Array!, bytes.Offset, bytes.Count, writable: false);

    private static int SizeOfPart(int number, long? total) => total is { } length
        ? (int)Math.Max(PartSize, (length / MaxParts) + 1)
        : PartSize << Math.Min(MaxGrowth, (number - 1) / PartsOfOneSize);

    private Task<string?> PutWholeAsync(
        ObjectUrl url, ArraySegment<byte> content, PutOptions options, CancellationToken cancellationToken) =>
        SendAsync(url, "it", content, async md5 =>
        {
            var request = new PutObjectRequest
            {
                BucketName = url.Bucket,
                Key = url.Key,
                InputStream = StreamOf(content),
                MD5Digest = md5,
                UseChunkEncoding = false,
                DisablePayloadSigning = isPrivate,
                ContentType = ContentType,
                IfNoneMatch = options.OnlyIfAbsent ? "*" : null,
            };
            return (await client.PutObjectAsync(request, cancellationToken)).ETag;
        });

    /// <summary>Sends a body with its MD5, and retries if the server received a different one.</summary>
    private async Task<string?> SendAsync(ObjectUrl url, string what, ArraySegment<byte> content, Func<string, Task<string?>> send)
    {
        // Off the caller's thread: the MD5 of 32 MiB takes 50 ms.
        var md5 = await Task.Run(() => Convert.ToBase64String(MD5.HashData(content)));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await send(md5);
            }
            catch (AmazonS3Exception error) when (error.ErrorCode is "BadDigest" or "XAmzContentSHA256Mismatch")
            {
                if (attempt == MaxAttempts) throw ObjectStoreErrors.Damaged(url, endpoint.Describe(url), what, error);
            }
        }
    }

    /// <summary>
    /// Sends the content in parts: first the bytes that were already read, whose memory later parts reuse.
    /// </summary>
    private async Task<(long Length, string? ETag)> PutPartsAsync(
        ObjectUrl url,
        ArraySegment<byte> start,
        Stream content,
        long? total,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        var marker = Guid.NewGuid().ToString("N");
        var initiate = new InitiateMultipartUploadRequest { BucketName = url.Bucket, Key = url.Key, ContentType = ContentType };
        initiate.Metadata[UploadMarker] = marker;
        var uploadId = (await client.InitiateMultipartUploadAsync(initiate, cancellationToken)).UploadId
            ?? throw S3Errors.NotS3(url, endpoint);
        // If one part fails, the others are canceled, so that no further data is sent unnecessarily.
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
                var length = given
                    + await content.ReadAtLeastAsync(buffer[given..], size - given, throwOnEndOfStream: false, cancellationToken);
                if (length == 0) break;
                sent += length;
                running.Add(PutAsync(number, buffer, length));
            }

            while (running.Count > 0) await TakeOneAsync();
            parts.Sort((one, other) => Nullable.Compare(one.PartNumber, other.PartNumber));
            return (sent, await CompleteAsync(url, uploadId, marker, parts, cancellationToken));

            async Task<PartETag> PutAsync(int number, ArraySegment<byte> buffer, int length)
            {
                var part = await PutPartAsync(url, uploadId, number, buffer[..length], failed.Token);
                lock (buffers)
                {
                    buffers.Push(buffer);
                    done += length;
                    progress?.Report(new TransferProgress(url, done, total));
                }

                return part;
            }

            ArraySegment<byte> TakeBuffer(int size)
            {
                lock (buffers)
                {
                    return buffers.TryPop(out var free) && free.Count == size ? free : GC.AllocateUninitializedArray<byte>(size);
                }
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
            await AbortAsync(url, uploadId);
            throw;
        }
    }

    private async Task<string?> CompleteAsync(
        ObjectUrl url, string uploadId, string marker, List<PartETag> parts, CancellationToken cancellationToken)
    {
        try
        {
            var request = new CompleteMultipartUploadRequest
            {
                BucketName = url.Bucket,
                Key = url.Key,
                UploadId = uploadId,
                PartETags = parts
            };
            return (await client.CompleteMultipartUploadAsync(request, cancellationToken)).ETag;
        }
        catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchUpload")
        {
            // The upload may have completed although the response was lost and the request retried; the marker shows
            // whether it did.
            var head = await client.GetObjectMetadataAsync(url.Bucket, url.Key, cancellationToken);
            if (head.Metadata[UploadMarker] == marker) return head.ETag;
            throw;
        }
    }

    /// <summary>
    /// Deletes the parts, also after a cancellation: the parts of an incomplete upload cost money until they are
    /// deleted.
    /// </summary>
    private async Task AbortAsync(ObjectUrl url, string uploadId)
    {
        try
        {
            await client.AbortMultipartUploadAsync(url.Bucket, url.Key, uploadId, CancellationToken.None);
        }
        catch (Exception error) when (S3Errors.Translate(error, url, endpoint) is not null)
        {
            // Report the failure of the upload itself instead.
        }
    }

    private async Task<PartETag> PutPartAsync(
        ObjectUrl url, string uploadId, int number, ArraySegment<byte> content, CancellationToken cancellationToken)
    {
        var eTag = await SendAsync(url, FormattableString.Invariant($"part {number}"), content, async md5 =>
        {
            var request = new UploadPartRequest
            {
                BucketName = url.Bucket,
                Key = url.Key,
                UploadId = uploadId,
                PartNumber = number,
                PartSize = content.Count,
                InputStream = StreamOf(content),
                MD5Digest = md5,
                UseChunkEncoding = false,
                DisablePayloadSigning = isPrivate,
            };
            return (await client.UploadPartAsync(request, cancellationToken)).ETag;
        });
        return new PartETag(number, eTag);
    }
}
