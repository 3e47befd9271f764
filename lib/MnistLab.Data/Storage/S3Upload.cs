using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace MnistLab.Data;

/// <summary>Uploads of any length in flat memory: in one piece if it fits into one part, else in parts. Every piece is verified by its MD5, which is its tag.</summary>
internal sealed class S3Upload(AmazonS3Client client, bool isEncrypted, string location)
{
    private const int FirstPartSize = 8 << 20;
    // S3 takes 10,000 parts: growing ones keep the limit at S3's own, 5 TB.
    private const int PartsOfOneSize = 1_000;

    /// <returns>How many bytes were sent, and the tag that the store gave them.</returns>
    public async Task<(long Length, string ETag)> RunAsync(ObjectUrl url, Stream content, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        long? total = content.CanSeek ? content.Length - content.Position : null;
        var buffer = new byte[total is { } known ? (int)Math.Min(FirstPartSize, Math.Max(known, 1)) : FirstPartSize];
        var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        // One byte more tells a content of exactly one part from a longer one.
        var next = new byte[1];
        var isLonger = length == buffer.Length && await content.ReadAsync(next, cancellationToken) > 0;
        if (isLonger) return await PutPartsAsync(url, new PrefixedStream([.. buffer, .. next], content), total, progress, cancellationToken);

        var eTag = await PutWholeAsync(url, buffer.AsMemory(0, length), cancellationToken);
        progress?.Report(new TransferProgress(url, length, length));
        return (length, eTag);
    }

    private static string Md5Of(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(MD5.HashData(bytes.Span));

    private static Stream AsStream(ReadOnlyMemory<byte> bytes) => new MemoryStream(bytes.ToArray(), writable: false);

    private async Task<string> PutWholeAsync(ObjectUrl url, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var response = await client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = url.Bucket,
                Key = url.Key,
                InputStream = AsStream(content),
                UseChunkEncoding = false,
                DisablePayloadSigning = isEncrypted,
                ContentType = "application/octet-stream",
            },
            cancellationToken);
        var eTag = response.ETag.Trim('"');
        if (eTag == Md5Of(content)) return eTag;
        await client.DeleteObjectAsync(url.Bucket, url.Key, CancellationToken.None);
        throw ObjectStoreErrors.Corrupted(url, location, "the MD5 differs");
    }

    private async Task<(long Length, string ETag)> PutPartsAsync(ObjectUrl url, Stream content, long? total, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var upload = await client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = url.Bucket, Key = url.Key, ContentType = "application/octet-stream" }, cancellationToken);
        try
        {
            var (parts, done) = (new List<PartETag>(), 0L);
            while (true)
            {
                var buffer = new byte[FirstPartSize << (parts.Count / PartsOfOneSize)];
                var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
                if (length == 0) break;
                parts.Add(await PutPartAsync(url, upload.UploadId, parts.Count + 1, buffer.AsMemory(0, length), cancellationToken));
                done += length;
                progress?.Report(new TransferProgress(url, done, total));
            }

            var response = await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = url.Bucket, Key = url.Key, UploadId = upload.UploadId, PartETags = parts }, cancellationToken);
            return (done, response.ETag.Trim('"'));
        }
        catch
        {
            await AbortAsync(url, upload.UploadId);
            throw;
        }
    }

    /// <summary>Removes what was uploaded, also when cancelled: parts that nobody completes cost money for ever.</summary>
    private async Task AbortAsync(ObjectUrl url, string uploadId)
    {
        try
        {
            await client.AbortMultipartUploadAsync(url.Bucket, url.Key, uploadId, CancellationToken.None);
        }
        catch (AmazonClientException)
        {
            // Where the server cannot be reached, what the upload failed of is the error to report.
        }
        catch (AmazonServiceException)
        {
        }
    }

    private async Task<PartETag> PutPartAsync(ObjectUrl url, string uploadId, int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var response = await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = url.Bucket,
                Key = url.Key,
                UploadId = uploadId,
                PartNumber = number,
                PartSize = content.Length,
                InputStream = AsStream(content),
                UseChunkEncoding = false,
                DisablePayloadSigning = isEncrypted,
            },
            cancellationToken);
        if (response.ETag.Trim('"') != Md5Of(content)) throw ObjectStoreErrors.Corrupted(url, location, FormattableString.Invariant($"the MD5 of part {number} differs"));
        return new PartETag(number, response.ETag);
    }
}
