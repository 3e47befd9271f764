using System.Net;

namespace MnistLab.Client;

/// <summary>A service did not predict: it refused the picture, failed, or cannot be reached.</summary>
public sealed class PredictionException : Exception
{
    /// <summary>Describes a failure.</summary>
    public PredictionException(string message, string? errorCode = null, HttpStatusCode? statusCode = null, Exception? innerException = null)
        : base(message, innerException) => (ErrorCode, StatusCode) = (errorCode, statusCode);

    /// <summary>The service's <c>error_code</c>, such as <c>PR.0101</c>; null where the service gave none. <c>/openapi.json</c> of the service lists them.</summary>
    public string? ErrorCode { get; }

    /// <summary>The status of the service's answer; null where there was no answer.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>Whether the same request may succeed later: the service was not reached, busy, or not ready. The client has tried that for a while already.</summary>
    public bool IsTransient { get; init; }
}
