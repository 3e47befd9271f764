using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MnistLab.Serving;

/// <summary>Gives every error the same shape, whoever found it: the service, the routing, the web server or the user's inference code.</summary>
internal static class ErrorAnswers
{
    public static void UseErrorAnswers(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Requests");
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception exception) when (!context.Response.HasStarted)
            {
                if (context.RequestAborted.IsCancellationRequested) return;
                var refusal = Describe(exception);
                if (refusal.StatusCode >= 500) log.LogError(exception, "{Method} {Path} failed.", context.Request.Method, context.Request.Path);
                else log.LogInformation("{Method} {Path} refused, {Code}: {Message}", context.Request.Method, context.Request.Path, refusal.ErrorCode, refusal.Message);
                await WriteAsync(context, refusal);
            }
        });
        app.UseStatusCodePages(status => WriteAsync(status.HttpContext, Describe(status.HttpContext.Response.StatusCode)));
    }

    private static Task WriteAsync(HttpContext context, RefusedRequestException refusal)
    {
        context.Response.StatusCode = refusal.StatusCode;
        if (refusal.StatusCode == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "1";
        return context.Response.WriteAsJsonAsync(new ErrorAnswer(refusal.ErrorCode, refusal.Message), AnswerJson.Instance.ErrorAnswer);
    }

    private static RefusedRequestException Describe(Exception exception) => exception switch
    {
        RefusedRequestException refusal => refusal,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => PredictionEndpoint.TooLarge(),
        BadHttpRequestException bad => new(bad.StatusCode, PredictionErrorCode.MalformedBody, bad.Message),
        PredictionTimeLimitException late => new(StatusCodes.Status504GatewayTimeout, PredictionErrorCode.TimeLimit, late.Message, late),
        // What went wrong is for the log: an answer tells nothing of the inside.
        _ => new(StatusCodes.Status500InternalServerError, PredictionErrorCode.InferenceFailed, "The model's inference code failed on this picture; the service's log tells how."),
    };

    private static RefusedRequestException Describe(int statusCode) => statusCode switch
    {
        StatusCodes.Status404NotFound => new(statusCode, PredictionErrorCode.NotFound, "There is nothing at this address. Predictions are at POST /, the page is at GET /."),
        StatusCodes.Status405MethodNotAllowed => new(statusCode, PredictionErrorCode.MethodNotAllowed, "This address does not take this method. Predictions are at POST /, the page is at GET /."),
        StatusCodes.Status413PayloadTooLarge => PredictionEndpoint.TooLarge(),
        _ => new(statusCode, PredictionErrorCode.Refused, FormattableString.Invariant($"The request was refused with status {statusCode}.")),
    };
}
