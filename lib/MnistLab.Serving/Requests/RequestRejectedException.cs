namespace MnistLab.Serving.Requests;

/// <summary>A request that is answered with an error.</summary>
internal sealed class RequestRejectedException(int statusCode, string errorCode, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public int StatusCode => statusCode;

    public string ErrorCode => errorCode;
}
