using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace MnistLab.Storage.S3;

/// <summary>
/// Represents an object store on a server with the S3 protocol: Huawei OBS, Ceph's RADOS Gateway, MinIO, and others.
/// </summary>
/// <remarks>
/// Bodies are sent plain, because OBS stores chunked uploads and trailing checksums incorrectly. The server checks the
/// MD5 of every body, and the length of the stored object is compared with the length sent. Transient failures (503, a
/// broken connection, a stalled response) are retried up to <see cref="S3Settings.Retries"/> times; a download resumes
/// where it was interrupted. No request therefore takes longer than <see cref="S3Settings.RequestLimit"/> ×
/// (<see cref="S3Settings.Retries"/> + 1) plus the back-off.
/// </remarks>
public sealed partial class S3ObjectStore : IObjectStore, IDisposable
{
    private const int BufferSize = 1 << 17;

    private readonly AmazonS3Client _client;
    private readonly S3Upload _upload;
    private readonly S3Endpoint _endpoint;
    private readonly int _retries;

    /// <summary>Initializes a store; no request is sent yet.</summary>
    /// <exception cref="ArgumentException">The addressing style does not fit the endpoint.</exception>
    public S3ObjectStore(S3Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _endpoint = new S3Endpoint(settings.Endpoint, settings.Region, settings.AddressingStyle);
        _retries = settings.Retries;
        // On a connection that cannot be tampered with, the body need not be part of the signature; hashing it would
        // take both sides longer than sending it. The SDK allows unsigned bodies over HTTPS only, so for a server on
        // this machine it is given an HTTPS address, and the client's handler sends HTTP.
        var isHttp = settings.Endpoint.Scheme == Uri.UriSchemeHttp;
        var isPrivate = !isHttp || settings.Endpoint.IsLoopback;
        var isPlain = isHttp && settings.Endpoint.IsLoopback;
        var endpoint = isPlain
            ? new UriBuilder(settings.Endpoint) { Scheme = Uri.UriSchemeHttps, Port = settings.Endpoint.Port }.Uri
            : settings.Endpoint;
        _client = new AmazonS3Client(new BasicAWSCredentials(settings.AccessKeyId, settings.SecretAccessKey), new AmazonS3Config
        {
            ServiceURL = endpoint.ToString(),
            AuthenticationRegion = settings.Region,
            ForcePathStyle = _endpoint.UsesPathStyle,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = settings.Retries,
            BufferSize = BufferSize,
            HttpClientFactory = new S3HttpClientFactory(settings, isPlain),
        });
        _upload = new S3Upload(_client, isPrivate, _endpoint);
    }

    /// <inheritdoc/>
    public string Location => _endpoint.Location;

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
    public async IAsyncEnumerable<string> ListBucketsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await ListAllBucketsAsync(cancellationToken);
        foreach (var name in (response.Buckets ?? []).Select(bucket => bucket.BucketName).Order(StringComparer.Ordinal))
        {
            // Names that predate the naming rules cannot be addressed.
            if (ObjectUrl.TryParse($"s3://{name}", out _)) yield return name;
        }
    }

    /// <inheritdoc/>
    public Task<ObjectInfo> PutAsync(
        ObjectUrl url,
        Stream content,
        PutOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= PutOptions.Default;
        RequireObject(url);
        ArgumentNullException.ThrowIfNull(content);
        // OBS would ignore the condition and replace the object.
        if (options.OnlyIfAbsent && _endpoint.IsObs)
        {
            throw new ObjectStoreException(
                ObjectStoreError.NotSupported,
                $"{url} was not written: {_endpoint.Describe(url)} does not support writing only if absent. "
                + "Choose a name that no other client writes to.");
        }

        return CallAsync(url, async () =>
        {
            var (length, eTag) = await _upload.RunAsync(url, content, options, progress, cancellationToken);
            var stored = await HeadOrNullAsync(url, cancellationToken);
            // If another writer has replaced the object since, its ETag differs, and that writer verifies it.
            return stored is { } info && (info.Length == length || (eTag is not null && info.ETag != Unquoted(eTag)))
                ? info
                : throw ObjectStoreErrors.Differs(url, _endpoint.Describe(url), length, stored?.Length);
        });
    }

    /// <inheritdoc/>
    public Task<Stream> GetAsync(ObjectUrl url, ByteRange? range = null, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        if (range is { } asked && (asked.Offset < 0 || asked.Length < 1))
            throw ObjectStoreErrors.BadRange(url, asked, _endpoint.Describe(url));
        return OpenAsync(url, range, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ObjectInfo?> HeadAsync(ObjectUrl url, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        return CallAsync(url, () => HeadOrNullAsync(url, cancellationToken));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        ObjectUrl prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await foreach (var page in PagesAsync(prefix, null, cancellationToken))
        {
            foreach (var info in ObjectsOf(prefix, page)) yield return info;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedItem> ListFolderAsync(
        ObjectUrl prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await foreach (var page in PagesAsync(prefix, "/", cancellationToken))
        {
            var folders = (page.CommonPrefixes ?? [])
                .Select(key => Parse(prefix, key))
                .OfType<ObjectUrl>()
                .Select(url => new ListedItem(url, null));
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
            // S3 rejects copying an object onto itself, which changes nothing anyway.
            if (source != destination)
                await _client.CopyObjectAsync(source.Bucket, source.Key, destination.Bucket, destination.Key, cancellationToken);
            return await HeadOrNullAsync(destination, cancellationToken)
                ?? throw ObjectStoreErrors.NoSuchKey(destination, _endpoint.Describe(destination));
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

    private static string Unquoted(string? eTag) => (eTag ?? "").Trim('"');

    private static void RequireObject(ObjectUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.IsPrefix) throw ObjectStoreErrors.NotAnObject(url);
    }

    private static ObjectUrl? Parse(ObjectUrl prefix, string key) =>
        ObjectUrl.TryParse($"s3://{prefix.Bucket}/{key}", out var url) ? url : null;

    private static IEnumerable<ObjectInfo> ObjectsOf(ObjectUrl prefix, ListObjectsV2Response page) =>
        from item in page.S3Objects ?? []
        // Skips keys of other programs that are not valid addresses, such as the markers of empty folders.
        let url = Parse(prefix, item.Key)
        where url is { IsPrefix: false }
        select new ObjectInfo(url, item.Size ?? 0, AsUtc(item.LastModified), Unquoted(item.ETag));

    private async Task<T> CallAsync<T>(ObjectUrl url, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (S3Errors.Translate(error, url, _endpoint) is { } translated)
        {
            throw translated;
        }
    }
}
