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
/// What fails for a moment (503, a broken connection, an answer that stalls) is tried again, each time after a longer wait, as <see cref="S3Settings"/> says;
/// a download goes on where it broke off. So no request lasts longer than <see cref="S3Settings.RequestLimit"/> × (<see cref="S3Settings.Retries"/> + 1), and the waits between.
/// </remarks>
public sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private const int BufferSize = 1 << 17;
    private const string MetadataPrefix = "x-amz-meta-";
    private const string ObsDomain = ".myhuaweicloud.com";

    private readonly AmazonS3Client _client;
    private readonly S3Upload _upload;
    private readonly S3Settings _settings;

    /// <summary>Opens a server; nothing is sent yet.</summary>
    public S3ObjectStore(S3Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Location = settings.Endpoint.GetLeftPart(UriPartial.Authority);
        // Where nobody can change a body on the way, it need not be part of the signature; hashing it would take both sides longer than sending it.
        // The SDK allows that for https only, so of a server on this machine it is told https, and the client's handler sends http.
        var isHttp = settings.Endpoint.Scheme == Uri.UriSchemeHttp;
        var isPrivate = !isHttp || settings.Endpoint.IsLoopback;
        var isPlain = isHttp && settings.Endpoint.IsLoopback;
        var endpoint = isPlain ? new UriBuilder(settings.Endpoint) { Scheme = Uri.UriSchemeHttps, Port = settings.Endpoint.Port }.Uri : settings.Endpoint;
        _client = new AmazonS3Client(new BasicAWSCredentials(settings.AccessKeyId, settings.SecretAccessKey), new AmazonS3Config
        {
            ServiceURL = endpoint.ToString(),
            AuthenticationRegion = settings.Region,
            // OBS refuses the bucket in the path at its domain names; an IP address cannot have one in its name.
            ForcePathStyle = settings.Endpoint.IsLoopback || IPAddress.TryParse(settings.Endpoint.Host, out _),
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = settings.Retries,
            BufferSize = BufferSize,
            HttpClientFactory = new S3HttpClientFactory(settings.RequestLimit, settings.StallLimit, isPlain),
        });
        _upload = new S3Upload(_client, isPrivate, Location);
        _settings = settings;
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
    public Task<ObjectInfo> PutAsync(
        ObjectUrl url, Stream content, PutOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= PutOptions.Default;
        RequireObject(url);
        ArgumentNullException.ThrowIfNull(content);
        options.Require(url);
        // OBS would take the condition, and replace the object.
        if (options.OnlyIfAbsent && _settings.Endpoint.Host.EndsWith(ObsDomain, StringComparison.OrdinalIgnoreCase))
            throw new ObjectStoreException(ObjectStoreError.NotSupported, $"{Location} does not write an object only if it is absent, so {url} was not written. Choose a name that nobody else writes.");
        return CallAsync(url, async () =>
        {
            var (length, eTag) = await _upload.RunAsync(url, content, options, progress, cancellationToken);
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
        return OpenAsync(url, range, cancellationToken);
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
        await foreach (var page in PagesAsync(prefix, null, cancellationToken))
        {
            foreach (var info in ObjectsOf(prefix, page)) yield return info;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedItem> ListFolderAsync(ObjectUrl prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await foreach (var page in PagesAsync(prefix, "/", cancellationToken))
        {
            var folders = (page.CommonPrefixes ?? []).Select(key => Parse(prefix, key)).OfType<ObjectUrl>().Select(url => new ListedItem(url, null));
            var objects = ObjectsOf(prefix, page).Select(info => new ListedItem(info.Url, info));
            foreach (var item in folders.Concat(objects).OrderBy(item => item.Url.Key, KeyOrder.Instance)) yield return item;
        }
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

    /// <inheritdoc/>
    public Task<Uri> PresignAsync(ObjectUrl url, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        ObjectStoreErrors.RequireLifetime(lifetime);
        return CallAsync(url, async () => new Uri(await _client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = url.Bucket,
            Key = url.Key,
            Expires = DateTime.UtcNow + lifetime,
            Protocol = _settings.Endpoint.Scheme == Uri.UriSchemeHttps ? Protocol.HTTPS : Protocol.HTTP,
        })));
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _client.Dispose();

    private static DateTimeOffset AsUtc(DateTime? time) => new(DateTime.SpecifyKind((time ?? default).ToUniversalTime(), DateTimeKind.Utc));

    private static void RequireObject(ObjectUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.IsPrefix) throw ObjectStoreErrors.NotAnObject(url);
    }

    private static ObjectUrl? Parse(ObjectUrl prefix, string key) => ObjectUrl.TryParse($"s3://{prefix.Bucket}/{key}", out var url) ? url : null;

    private static IEnumerable<ObjectInfo> ObjectsOf(ObjectUrl prefix, ListObjectsV2Response page) =>
        from item in page.S3Objects ?? []
        // What other programs left under keys that are no address, such as the markers of empty folders, is not seen.
        let url = Parse(prefix, item.Key)
        where url is { IsPrefix: false }
        select new ObjectInfo(url, item.Size ?? 0, AsUtc(item.LastModified), item.ETag.Trim('"'));

    private static Dictionary<string, string> MetadataOf(GetObjectMetadataResponse head) =>
        head.Metadata.Keys.ToDictionary(key => key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) ? key[MetadataPrefix.Length..] : key, key => head.Metadata[key]);

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(ObjectUrl prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = prefix.Bucket, Prefix = prefix.AsPrefix().Key, Delimiter = delimiter };
        ListObjectsV2Response page;
        do
        {
            page = await CallAsync(prefix, () => _client.ListObjectsV2Async(request, cancellationToken));
            yield return page;
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    private async Task<Stream> OpenAsync(ObjectUrl url, ByteRange? range, CancellationToken cancellationToken)
    {
        var start = range?.Offset ?? 0;
        var response = await CallAsync(url, () => AskAsync(url, start, range is { } part ? checked(part.Offset + part.Length - 1) : null, null, cancellationToken));
        var (eTag, length) = (response.ETag, response.ContentLength);

        async Task<Stream> OpenAtAsync(long position, CancellationToken token) =>
            (await CallAsync(url, () => AskAsync(url, start + position, start + length - 1, eTag, token))).ResponseStream;

        return new ResumedStream(response.ResponseStream, length, OpenAtAsync, error => S3Errors.Translate(error, url, Location), _settings.Retries);
    }

    /// <summary>Asks for a content from one byte to another; from its start, and whole, where no last byte is given.</summary>
    private async Task<GetObjectResponse> AskAsync(ObjectUrl url, long first, long? last, string? eTag, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = url.Bucket, Key = url.Key, EtagToMatch = eTag };
        // Of a whole content the SDK would compute the MD5, on the way and slowly; asked for from byte 0 on, it does not. Its length is checked in any case.
        request.ByteRange = last is { } end ? new Amazon.S3.Model.ByteRange(first, end) : new Amazon.S3.Model.ByteRange("bytes=0-");
        try
        {
            return await _client.GetObjectAsync(request, cancellationToken);
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // An empty object has no byte 0.
            if (last is null) return await _client.GetObjectAsync(new GetObjectRequest { BucketName = url.Bucket, Key = url.Key, EtagToMatch = eTag }, cancellationToken);
            throw ObjectStoreErrors.BadRange(url, new ByteRange(first, last.Value - first + 1), Location, error);
        }
        catch (AmazonS3Exception error) when (eTag is not null && error.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            throw ObjectStoreErrors.Replaced(url, Location, error);
        }
    }

    private async Task<ObjectInfo?> HeadOrNullAsync(ObjectUrl url, CancellationToken cancellationToken)
    {
        try
        {
            var head = await _client.GetObjectMetadataAsync(url.Bucket, url.Key, cancellationToken);
            return new ObjectInfo(url, head.ContentLength, AsUtc(head.LastModified), head.ETag.Trim('"')) { Metadata = MetadataOf(head) };
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
