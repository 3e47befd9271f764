using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using MnistLab.Data.Images;
using MnistLab.Models;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Requests;
using MnistLab.Serving.Responses;

namespace MnistLab.Serving.Pipeline;

/// <summary>Gives every error of a protocol the same shape, whoever found it: the service, the routing, the web server or the user's inference code.</summary>
internal sealed class ErrorResponses(RefusalLog log)
{
    public void Use(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
                // What routing, host filtering, or the web server has rejected has no body yet.
                if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null }) await WriteAsync(context, DescribeStatus(context));
            }
            catch (Exception exception)
            {
                await AnswerAsync(context, exception);
            }
        });
    }

    /// <summary>Answers with the error that an exception stands for.</summary>
    /// <returns>How the call ended.</returns>
    public async Task<CallOutcome> AnswerAsync(HttpContext context, Exception exception)
    {
        if (context.RequestAborted.IsCancellationRequested) return CallOutcome.Abandoned;
        var refusal = Describe(exception);
        var cause = exception is InferenceFailedException ? exception.InnerException! : exception;
        log.Add(ServiceProtocols.Of(context.Request.Path), refusal, cause);
        // Half an answer cannot be taken back; a connection that breaks tells that it is one.
        if (context.Response.HasStarted) context.Abort();
        else await WriteAsync(context, refusal);
        return refusal.StatusCode switch
        {
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => CallOutcome.Overload,
            >= 500 => CallOutcome.Failure,
            _ => CallOutcome.Refused,
        };
    }

    private static Task WriteAsync(HttpContext context, RequestRejectedException refusal)
    {
        context.Response.StatusCode = refusal.StatusCode;
        if (refusal.StatusCode is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "1";
        return ServiceProtocols.Of(context.Request.Path) == ServiceProtocol.ModelArts
            ? context.Response.WriteAsJsonAsync(new ErrorResponse(refusal.ErrorCode, refusal.Message), ResponseJson.Instance.ErrorResponse)
            : context.Response.WriteAsJsonAsync(new TensorErrorResponse(refusal.Message), ResponseJson.Instance.TensorErrorResponse);
    }

    private static RequestRejectedException Describe(Exception exception) => exception switch
    {
        RequestRejectedException refusal => refusal,
        DigitImageException picture => new(StatusCodes.Status400BadRequest, PredictionErrorCode.NotAPicture, picture.Message, picture),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => RequestBody.TooLarge(),
        BadHttpRequestException bad => new(bad.StatusCode, PredictionErrorCode.MalformedBody, bad.Message),
        PredictionTimeLimitException late => new(StatusCodes.Status504GatewayTimeout, PredictionErrorCode.TimeLimit, late.Message, late),
        // The cause is for the log: a response reveals nothing of the inside.
        InferenceFailedException => Failure(
            PredictionErrorCode.InferenceFailed, "The model's inference code failed on this request. See the service's log for the cause."),
        _ => Failure(PredictionErrorCode.ServiceFailed, "The service failed on this request. See its log for the cause."),
    };

    private static RequestRejectedException Failure(string errorCode, string message) =>
        new(StatusCodes.Status500InternalServerError, errorCode, message);

    private static RequestRejectedException DescribeStatus(HttpContext context) => context.Response.StatusCode switch
    {
        // Before an endpoint is chosen, nothing else rejects with 400 and without a body.
        StatusCodes.Status400BadRequest when context.GetEndpoint() is null => LoopbackHosts.Rejected(context),
        StatusCodes.Status404NotFound and var statusCode => new(
            statusCode,
            PredictionErrorCode.NotFound,
            "There is nothing at this address. GET /openapi.json lists all addresses; predictions are at POST /, the page is at GET /."),
        StatusCodes.Status405MethodNotAllowed and var statusCode => new(
            statusCode, PredictionErrorCode.MethodNotAllowed, "This address does not accept this method. GET /openapi.json lists those that it does."),
        StatusCodes.Status413PayloadTooLarge => RequestBody.TooLarge(),
        var statusCode => new(
            statusCode, PredictionErrorCode.Refused, FormattableString.Invariant($"The request was rejected with status {statusCode}.")),
    };
}
