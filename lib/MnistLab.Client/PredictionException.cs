using System.Net;

namespace MnistLab.Client;

/// <summary>The exception that is thrown when a service rejects an image, fails, or cannot be reached.</summary>
public sealed class PredictionException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="PredictionException"/> class.</summary>
    public PredictionException(
        string message, string? errorCode = null, HttpStatusCode? statusCode = null, Exception? innerException = null)
        : base(message, innerException) => (ErrorCode, StatusCode) = (errorCode, statusCode);

    /// <summary>
    /// Gets the service's <c>error_code</c>, such as <c>PR.0101</c>; null if there is none. The codes are listed in the
    /// service's <c>/openapi.json</c>.
    /// </summary>
    public string? ErrorCode { get; }

    /// <summary>Gets the HTTP status code of the response; null if there was no response.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>
    /// Gets whether the same request may succeed later, because the service could not be reached, was busy, or was not
    /// ready. The client has already retried the request for <see cref="PredictionClientOptions.RetryFor"/>.
    /// </summary>
    public bool IsTransient { get; init; }
}
