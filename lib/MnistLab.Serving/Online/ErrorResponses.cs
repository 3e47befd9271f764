using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using MnistLab.Data;

namespace MnistLab.Serving;

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
                // What the routing or the web server has refused has no body yet.
                if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null } response) await WriteAsync(context, Describe(response.StatusCode));
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
        log.Add(ServiceProtocols.Of(context.Request.Path), refusal, exception);
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
        // What went wrong is for the log: an answer tells nothing of the inside.
        _ => new(StatusCodes.Status500InternalServerError, PredictionErrorCode.InferenceFailed, "The model's inference code failed on this request; the service's log tells how."),
    };

    private static RequestRejectedException Describe(int statusCode) => statusCode switch
    {
        StatusCodes.Status404NotFound => new(statusCode, PredictionErrorCode.NotFound, "There is nothing at this address. GET /openapi.json tells all addresses; predictions are at POST /, the page is at GET /."),
        StatusCodes.Status405MethodNotAllowed => new(statusCode, PredictionErrorCode.MethodNotAllowed, "This address does not take this method. GET /openapi.json tells which ones it does."),
        StatusCodes.Status413PayloadTooLarge => RequestBody.TooLarge(),
        _ => new(statusCode, PredictionErrorCode.Refused, FormattableString.Invariant($"The request was refused with status {statusCode}.")),
    };
}
