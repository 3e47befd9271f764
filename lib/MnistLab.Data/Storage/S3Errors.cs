using Amazon.Runtime;
using Amazon.S3;

namespace MnistLab.Data;

/// <summary>Says in our own words what a server answered. The SDK's messages are not passed on where they might quote a request.</summary>
internal static class S3Errors
{
    /// <returns>Null for what is not the server's or the connection's failure.</returns>
    public static ObjectStoreException? Translate(Exception error, ObjectUrl url, string location) => error switch
    {
        AmazonS3Exception answer => Translate(answer, url, location),
        AmazonClientException or AmazonServiceException or HttpRequestException or TimeoutException => Unreachable(error, url, location),
        // The SDK reports its own time limit so; a caller's cancellation says so itself.
        OperationCanceledException { InnerException: TimeoutException } => Unreachable(error, url, location),
        IOException and not ObjectStoreException => Unreachable(error, url, location),
        _ => null,
    };

    private static ObjectStoreException Translate(AmazonS3Exception answer, ObjectUrl url, string location) => answer.ErrorCode switch
    {
        "NoSuchBucket" => ObjectStoreErrors.NoSuchBucket(url, location, answer),
        "NoSuchKey" or "NotFound" => ObjectStoreErrors.NoSuchKey(url, location, answer),
        "InvalidAccessKeyId" => Denied($"{location} does not know the access key. Check {ObjectStores.AccessKeyVariable}, and that it belongs to this endpoint.", answer),
        "SignatureDoesNotMatch" => Denied($"{location} refuses the signature: the secret does not belong to the access key. Check {ObjectStores.SecretKeyVariable}, and {ObjectStores.RegionVariable}.", answer),
        "RequestTimeTooSkewed" => Denied($"{location} refuses the request because the clocks differ too much. Set this machine's clock.", answer),
        "AccessDenied" or "Forbidden" => Denied($"{location} refuses access to {url}. Check that the access key may use the bucket '{url.Bucket}', and that its secret is right ({ObjectStores.SecretKeyVariable}).", answer),
        "BucketAlreadyExists" => Denied($"The bucket '{url.Bucket}' belongs to someone else in {location}. Choose another name.", answer),
        "PreconditionFailed" or "ConditionalRequestConflict" => ObjectStoreErrors.AlreadyExists(url, location, answer),
        "VirtualHostDomainRequired" => new ObjectStoreException(ObjectStoreError.InvalidRequest, $"{location} refuses {url} because the bucket has to be part of the host's name, which an IP address cannot have. Set {ObjectStores.EndpointVariable} to the name of the region's endpoint, such as https://obs.cn-north-4.myhuaweicloud.com.", answer),
        "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" => new ObjectStoreException(ObjectStoreError.InvalidRequest, $"The bucket '{url.Bucket}' is not in the region of {location}. Set {ObjectStores.EndpointVariable} and {ObjectStores.RegionVariable} to the bucket's.", answer),
        "NotImplemented" => new ObjectStoreException(ObjectStoreError.NotSupported, $"{location} does not do what was asked for with {url}. Use another store, or do without.", answer),
        _ when (int)answer.StatusCode >= 500 => Unreachable(answer, url, location),
        var code => new ObjectStoreException(ObjectStoreError.InvalidRequest, FormattableString.Invariant($"{location} refuses {url}: {code} (status {(int)answer.StatusCode}). Check the address and the settings."), answer),
    };

    private static ObjectStoreException Denied(string message, Exception cause) => new(ObjectStoreError.AccessDenied, message, cause);

    private static ObjectStoreException Unreachable(Exception cause, ObjectUrl url, string location) => new(
        ObjectStoreError.Unavailable,
        $"{location} cannot be reached for {url} ({cause.GetBaseException().Message}). Check {ObjectStores.EndpointVariable} and the network, and try again.",
        cause);
}
