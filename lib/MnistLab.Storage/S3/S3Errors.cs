using System.Xml;
using Amazon.Runtime;
using Amazon.S3;

namespace MnistLab.Storage.S3;

/// <summary>
/// Translates errors of the server and the connection. The SDK's messages are omitted where they might quote a request.
/// </summary>
internal static class S3Errors
{
    /// <summary>Translates an exception.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="url">The address that was requested; null for the list of buckets.</param>
    /// <param name="endpoint">The server.</param>
    /// <returns>The translation; null if neither the server nor the connection failed.</returns>
    public static ObjectStoreException? Translate(Exception error, ObjectUrl? url, S3Endpoint endpoint) => error switch
    {
        AmazonS3Exception response => Translate(response, url, endpoint),
        XmlException or AmazonUnmarshallingException => NotS3(url, endpoint, error),
        AmazonClientException or AmazonServiceException or HttpRequestException or TimeoutException => Unreachable(error, url, endpoint),
        // The SDK reports its own timeout like this; a caller's cancellation has no such inner exception.
        OperationCanceledException { InnerException: TimeoutException } => Unreachable(error, url, endpoint),
        IOException and not ObjectStoreException => Unreachable(error, url, endpoint),
        _ => null,
    };

    /// <summary>Returns the exception for a successful response that does not come from S3.</summary>
    public static ObjectStoreException NotS3(ObjectUrl? url, S3Endpoint endpoint, Exception? cause = null) => new(
        ObjectStoreError.Unavailable,
        $"{Describe(endpoint, url)} responded to a request for {NameOf(url)} with a web page or other text that is not S3's XML. Another "
        + $"server, or a proxy, may be listening there: check {StoreVariables.Endpoint} and the proxy settings.",
        cause);

    private static string Describe(S3Endpoint endpoint, ObjectUrl? url) => url is null ? endpoint.Location : endpoint.Describe(url);

    private static string NameOf(ObjectUrl? url) => url is null ? "the list of buckets" : $"{url}";

    private static ObjectStoreException Translate(AmazonS3Exception response, ObjectUrl? url, S3Endpoint endpoint)
    {
        var server = Describe(endpoint, url);
        return response.ErrorCode switch
        {
            "NoSuchBucket" when url is not null => ObjectStoreErrors.NoSuchBucket(url, server, response),
            "NoSuchKey" or "NotFound" when url is not null => ObjectStoreErrors.NoSuchKey(url, server, response),
            "InvalidAccessKeyId" => Denied(
                $"{server} does not know the access key. Check {StoreVariables.AccessKey}, and that it belongs to this endpoint."),
            "SignatureDoesNotMatch" => Denied(
                $"{server} rejects the signature: the secret does not belong to the access key, or the region is not '{endpoint.Region}'. "
                + $"Check {StoreVariables.SecretKey} and {StoreVariables.Region}."),
            "RequestTimeTooSkewed" => Denied(
                $"{server} rejects the request because the clocks differ too much. Set this machine's clock."),
            "AccessDenied" or "Forbidden" when url is null => Denied(
                $"{server} does not let this access key list the buckets. Open a bucket by its name."),
            "AccessDenied" or "Forbidden" => Denied(
                $"{server} denies access to {url}. Check that the access key may use the bucket '{url?.Bucket}', "
                + $"and that its secret is correct ({StoreVariables.SecretKey})."),
            "BucketAlreadyExists" when url is not null => Denied(
                $"The bucket '{url.Bucket}' in {server} belongs to another user. Choose another name."),
            "PreconditionFailed" or "ConditionalRequestConflict" when url is not null =>
                ObjectStoreErrors.AlreadyExists(url, server, response),
            "VirtualHostDomainRequired" => Invalid(
                $"{server} rejects {NameOf(url)}: the bucket must be part of the host's name. Set {StoreVariables.AddressingStyle}=virtual. "
                + $"An IP address cannot be preceded by a bucket name: set {StoreVariables.Endpoint} to the name of the region's "
                + "endpoint, such as https://obs.cn-north-4.myhuaweicloud.com."),
            "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" when url is not null => Invalid(
                $"{server} does not serve the bucket '{url.Bucket}' for requests that are signed for the region '{endpoint.Region}'. "
                + $"Set {StoreVariables.Endpoint} and {StoreVariables.Region} to the bucket's."),
            "NotImplemented" => new ObjectStoreException(
                ObjectStoreError.NotSupported, $"{server} does not support this operation on {NameOf(url)}. Use another store.", response),
            _ when (int)response.StatusCode >= 500 => Unreachable(response, url, endpoint),
            var code => Invalid(FormattableString.Invariant(
                $"{server} rejects {NameOf(url)}: {code} (status {(int)response.StatusCode}). Check the address and the settings.")),
        };

        ObjectStoreException Denied(string message) => new(ObjectStoreError.AccessDenied, message, response);

        ObjectStoreException Invalid(string message) => new(ObjectStoreError.InvalidRequest, message, response);
    }

    private static ObjectStoreException Unreachable(Exception cause, ObjectUrl? url, S3Endpoint endpoint) => new(
        ObjectStoreError.Unavailable,
        $"{Describe(endpoint, url)} cannot be reached for {NameOf(url)} ({cause.GetBaseException().Message}). "
        + $"Check {StoreVariables.Endpoint} and the network, and try again.",
        cause);
}
