using System.Net;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Client;

/// <summary>A service did not predict: it refused the picture, failed, or cannot be reached.</summary>
public sealed class PredictionException : Exception
{
    /// <summary>Describes a failure.</summary>
    public PredictionException(string message, string? errorCode = null, HttpStatusCode? statusCode = null, Exception? innerException = null)
        : base(message, innerException) => (ErrorCode, StatusCode) = (errorCode, statusCode);

    /// <summary>The service's <c>error_code</c>, one of <see cref="PredictionErrorCode"/>; null where the service gave none.</summary>
    public string? ErrorCode { get; }

    /// <summary>The status of the service's answer; null where there was no answer.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>Whether the same request may succeed later: the service was not reached, busy, or not ready. The client has tried that for a while already.</summary>
    public bool IsTransient { get; init; }
}
