using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace MnistLab.Data;

/// <summary>Objects in a server that speaks S3: Huawei OBS, Ceph's RADOS Gateway and others.</summary>
/// <remarks>
/// Set up so that it fits OBS, which stores uploads in chunks or with trailing checksums wrongly: bodies go plain, and every upload is verified by its length and its MD5.
/// What fails for a moment (503, a broken connection) is tried again by the SDK, each time after a longer wait.
/// </remarks>
public sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private readonly AmazonS3Client _client;
    private readonly S3Upload _upload;

    /// <summary>Opens a server; nothing is sent yet.</summary>
    public S3ObjectStore(S3Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Location = settings.Endpoint.GetLeftPart(UriPartial.Authority);
        _client = new AmazonS3Client(new BasicAWSCredentials(settings.AccessKeyId, settings.SecretAccessKey), new AmazonS3Config
        {
            ServiceURL = settings.Endpoint.ToString(),
            AuthenticationRegion = settings.Region,
            // OBS refuses the bucket in the path at its domain names; an IP address cannot have one in its name.
            ForcePathStyle = settings.Endpoint.IsLoopback || IPAddress.TryParse(settings.Endpoint.Host, out _),
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 4,
            HttpClientFactory = new S3HttpClientFactory(),
        });
        _upload = new S3Upload(_client, settings.Endpoint.Scheme == Uri.UriSchemeHttps, Location);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public Task CreateBucketAsync(string bucket, CancellationToken cancellationToken = default)
    {
        var url = ObjectUrl.Parse($"s3://{bucket}");
        return CallAsync<object?>(url, async () =>
        {
            try
            {
                await _client.PutBucketAsync(url.Bucket, cancellationToken);
            }
            catch (AmazonS3Exception error) when (error.ErrorCode == "BucketAlreadyOwnedByYou")
            {
            }

            return null;
        });
    }

    /// <inheritdoc/>
    public Task<ObjectInfo> PutAsync(ObjectUrl url, Stream content, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        ArgumentNullException.ThrowIfNull(content);
        return CallAsync(url, async () =>
        {
            var (length, eTag) = await _upload.RunAsync(url, content, progress, cancellationToken);
            var kept = await HeadOrNullAsync(url, cancellationToken);
            // Another writer may have replaced it since; then its tag differs, and what it wrote is verified by itself.
            return kept is { } info && (info.Length == length || info.ETag != eTag)
                ? info
                : throw ObjectStoreErrors.Corrupted(url, Location, string.Create(CultureInfo.InvariantCulture, $"{length} bytes were sent, {kept?.Length ?? 0} are there"));
        });
    }

    /// <inheritdoc/>
    public Task<Stream> GetAsync(ObjectUrl url, ByteRange? range = null, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        if (range is { } asked && (asked.Offset < 0 || asked.Length < 1)) throw ObjectStoreErrors.BadRange(url, asked, Location);
        return CallAsync(url, async () =>
        {
            var request = new GetObjectRequest { BucketName = url.Bucket, Key = url.Key };
            if (range is { } part) request.ByteRange = new Amazon.S3.Model.ByteRange(part.Offset, checked(part.Offset + part.Length - 1));
            try
            {
                var response = await _client.GetObjectAsync(request, cancellationToken);
                return response.ResponseStream;
            }
            catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                throw ObjectStoreErrors.BadRange(url, range!.Value, Location, error);
            }
        });
    }

    /// <inheritdoc/>
    public Task<ObjectInfo?> HeadAsync(ObjectUrl url, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        return CallAsync(url, () => HeadOrNullAsync(url, cancellationToken));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(ObjectUrl prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var request = new ListObjectsV2Request { BucketName = prefix.Bucket, Prefix = prefix.AsPrefix().Key };
        ListObjectsV2Response page;
        do
        {
            page = await CallAsync(prefix, () => _client.ListObjectsV2Async(request, cancellationToken));
            foreach (var item in page.S3Objects ?? [])
            {
                // What other programs left under keys that are no address, such as the markers of empty folders, is not seen.
                if (ObjectUrl.TryParse($"s3://{prefix.Bucket}/{item.Key}", out var url) && !url.IsPrefix)
                    yield return new ObjectInfo(url, item.Size ?? 0, AsUtc(item.LastModified), item.ETag.Trim('"'));
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    /// <inheritdoc/>
    public Task<ObjectInfo> CopyAsync(ObjectUrl source, ObjectUrl destination, CancellationToken cancellationToken = default)
    {
        RequireObject(source);
        RequireObject(destination);
        return CallAsync(source, async () =>
        {
            // An object may not be copied onto itself; it is there already.
            if (source != destination) await _client.CopyObjectAsync(source.Bucket, source.Key, destination.Bucket, destination.Key, cancellationToken);
            return await HeadOrNullAsync(destination, cancellationToken) ?? throw ObjectStoreErrors.NoSuchKey(destination, Location);
        });
    }

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectUrl url, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        return CallAsync(url, () => _client.DeleteObjectAsync(url.Bucket, url.Key, cancellationToken));
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _client.Dispose();

    private static DateTimeOffset AsUtc(DateTime? time) => new(DateTime.SpecifyKind((time ?? default).ToUniversalTime(), DateTimeKind.Utc));

    private static void RequireObject(ObjectUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.IsPrefix) throw ObjectStoreErrors.NotAnObject(url);
    }

    private async Task<ObjectInfo?> HeadOrNullAsync(ObjectUrl url, CancellationToken cancellationToken)
    {
        try
        {
            var head = await _client.GetObjectMetadataAsync(url.Bucket, url.Key, cancellationToken);
            return new ObjectInfo(url, head.ContentLength, AsUtc(head.LastModified), head.ETag.Trim('"'));
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            // The answer to HEAD has no body to tell a missing object from a missing bucket.
            await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = url.Bucket, MaxKeys = 1 }, cancellationToken);
            return null;
        }
    }

    private async Task<T> CallAsync<T>(ObjectUrl url, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (S3Errors.Translate(error, url, Location) is { } translated)
        {
            throw translated;
        }
    }
}
