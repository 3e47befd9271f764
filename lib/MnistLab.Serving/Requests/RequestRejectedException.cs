namespace MnistLab.Serving.Requests;

/// <summary>The exception that is thrown to reject a request with an error response.</summary>
internal sealed class RequestRejectedException(
    int statusCode,
    string errorCode,
    string message,
    Exception? innerException = null) : Exception(message, innerException)
{
    public int StatusCode => statusCode;

    public string ErrorCode => errorCode;
}
