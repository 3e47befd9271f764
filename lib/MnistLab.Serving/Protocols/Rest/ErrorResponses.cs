using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;
using MnistLab.Serving.Responses;

namespace MnistLab.Serving.Protocols.Rest;

/// <summary>
/// Gives all error responses of a REST protocol the same format, whether the error comes from the service, routing, the
/// web server, or the user's inference code.
/// </summary>
internal sealed class ErrorResponses(Rejections rejections)
{
    public void Use(IApplicationBuilder app)
    {
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
                // Rejections by routing, host filtering, or the web server have no body yet.
                if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null })
                    await WriteAsync(context, DescribeStatus(context));
            }
            catch (Exception exception)
            {
                await RejectAsync(context, exception);
            }
        });
    }

    /// <summary>Responds with an error in the format of the request's protocol.</summary>
    public static async Task RejectAsync(HttpContext context, RequestRejectedException rejection)
    {
        // A partly sent response cannot be replaced; aborting the connection tells the client that it is incomplete.
        if (context.Response.HasStarted) context.Abort();
        else await WriteAsync(context, rejection);
    }

    private Task RejectAsync(HttpContext context, Exception exception) => context.RequestAborted.IsCancellationRequested
        ? Task.CompletedTask
        : RejectAsync(context, rejections.Add(ServiceProtocols.From(context.Request.Path), RequestBody.Describe(exception)));

    private static Task WriteAsync(HttpContext context, RequestRejectedException rejection)
    {
        context.Response.StatusCode = rejection.StatusCode;
        if (rejection.StatusCode is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        return ServiceProtocols.From(context.Request.Path) == ServiceProtocol.ModelArts
            ? context.Response.WriteAsJsonAsync(
                new ErrorResponse(rejection.ErrorCode, rejection.Message), ResponseJson.Instance.ErrorResponse)
            : context.Response.WriteAsJsonAsync(new TensorErrorResponse(rejection.Message), ResponseJson.Instance.TensorErrorResponse);
    }

    private static RequestRejectedException DescribeStatus(HttpContext context) => context.Response.StatusCode switch
    {
        // Only host filtering rejects with 400 and without a body before an endpoint is selected.
        StatusCodes.Status400BadRequest when context.GetEndpoint() is null => LoopbackHosts.Rejected(context),
        StatusCodes.Status404NotFound and var statusCode => new(
            statusCode,
            PredictionErrorCode.NotFound,
            "There is nothing at this address. GET /openapi.json lists all addresses; POST / makes predictions, and GET / shows the page."),
        StatusCodes.Status405MethodNotAllowed and var statusCode => new(
            statusCode,
            PredictionErrorCode.MethodNotAllowed,
            "This address does not accept this method. GET /openapi.json lists the methods that it accepts."),
        StatusCodes.Status413PayloadTooLarge => RequestBody.TooLarge(),
        var statusCode => new(
            statusCode, PredictionErrorCode.Refused, FormattableString.Invariant($"The request was rejected with status {statusCode}.")),
    };
}
