using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace MnistLab.Storage.S3;

/// <content>Sends the requests of the operations.</content>
public sealed partial class S3ObjectStore
{
    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(
        ObjectUrl prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = prefix.Bucket, Prefix = prefix.AsPrefix().Key, Delimiter = delimiter };
        ListObjectsV2Response page;
        do
        {
            page = await CallAsync(prefix, () => _client.ListObjectsV2Async(request, cancellationToken));
            // The SDK parses a well-formed web page as a list without any values.
            if (page is { Name: null, IsTruncated: null, S3Objects: null or [] }) throw S3Errors.NotS3(prefix, _endpoint);
            yield return page;
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    private async Task<Stream> OpenAsync(ObjectUrl url, ByteRange? range, CancellationToken cancellationToken)
    {
        var start = range?.Offset ?? 0;
        var response = await CallAsync(url, () => AskAsync(
            url, start, range is { } part ? checked(part.Offset + part.Length - 1) : null, null, cancellationToken));
        var (eTag, length) = (response.ETag, response.ContentLength);

        async Task<Stream> OpenAtAsync(long position, CancellationToken token) =>
            (await CallAsync(url, () => AskAsync(url, start + position, start + length - 1, eTag, token))).ResponseStream;

        return new ResumedStream(
            response.ResponseStream, length, OpenAtAsync, error => S3Errors.Translate(error, url, _endpoint), _retries);
    }

    /// <summary>
    /// Requests the content from the first to the last byte; the whole content if <paramref name="last"/> is null.
    /// </summary>
    private async Task<GetObjectResponse> AskAsync(ObjectUrl url, long first, long? last, string? eTag, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = url.Bucket, Key = url.Key, EtagToMatch = eTag };
        // For whole content, the SDK computes the MD5 during the download, which is slow; for a range from byte 0 it
        // does not. The length is checked in any case.
        request.ByteRange = last is { } end ? new Amazon.S3.Model.ByteRange(first, end) : new Amazon.S3.Model.ByteRange("bytes=0-");
        try
        {
            return await _client.GetObjectAsync(request, cancellationToken);
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // A range request fails for an empty object, which has no byte 0.
            if (last is null)
                return await _client.GetObjectAsync(
                    new GetObjectRequest { BucketName = url.Bucket, Key = url.Key, EtagToMatch = eTag },
                    cancellationToken);
            throw ObjectStoreErrors.BadRange(url, new ByteRange(first, last.Value - first + 1), _endpoint.Describe(url), error);
        }
        catch (AmazonS3Exception error) when (eTag is not null
            && error.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            throw ObjectStoreErrors.Replaced(url, _endpoint.Describe(url), error);
        }
    }

    private async Task<ObjectInfo?> HeadOrNullAsync(ObjectUrl url, CancellationToken cancellationToken)
    {
        try
        {
            var head = await _client.GetObjectMetadataAsync(url.Bucket, url.Key, cancellationToken);
            return new ObjectInfo(url, head.ContentLength, AsUtc(head.LastModified), Unquoted(head.ETag));
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            // A response to HEAD has no body that would distinguish a missing object from a missing bucket.
            await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = url.Bucket, MaxKeys = 1 }, cancellationToken);
            return null;
        }
    }

    private async Task<ListBucketsResponse> ListAllBucketsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var response = await _client.ListBucketsAsync(cancellationToken);
            // The SDK parses a well-formed web page as a list without any values.
            return response is { Owner: null, Buckets: null or [] } ? throw S3Errors.NotS3(null, _endpoint) : response;
        }
        catch (Exception error) when (S3Errors.Translate(error, null, _endpoint) is { } translated)
        {
            throw translated;
        }
    }
}
