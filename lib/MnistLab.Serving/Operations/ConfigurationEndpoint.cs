using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using MnistLab.Models;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;
using MnistLab.Serving.Responses;

namespace MnistLab.Serving.Operations;

/// <summary>
/// Maps the endpoint that changes the configuration of a running service, for requests that carry the instance's
/// control key. The new models are loaded and tried first; only then do they replace the old ones, between two
/// requests. If one cannot be loaded, the response is 409 with the reason, and the service keeps its configuration.
/// </summary>
internal static class ConfigurationEndpoint
{
    public const string Path = "/control/configuration";

    public static void MapConfiguration(this IEndpointRouteBuilder routes, RunSettings settings, InstanceFolder run, ILogger log)
    {
        routes.MapPost(Path, async (HttpContext context, ModelLoader loader) =>
        {
            if (!StopEndpoint.IsAllowed(context.Request, settings)) return (IResult)TypedResults.NotFound();
            var next = await ReadAsync(context);
            try
            {
                // Not canceled if the client disconnects. The settings are saved before they take effect: if the
                // process ends in between, the next start uses them.
                await Task.Run(() => loader.Serve(
                    next.Models, next.PredictionLimit, () => run.WriteSettings(next), CancellationToken.None));
                log.LogInformation("Now serving {Models}.", string.Join(", ", next.Models));
                return TypedResults.Json(new StatusResponse("done"), ResponseJson.Instance.StatusResponse);
            }
            catch (Exception exception) when (exception is ModelImportException or IOException or UnauthorizedAccessException)
            {
                log.LogError(
                    "{Models} cannot be served; the service keeps its configuration. {Message}",
                    string.Join(", ", next.Models),
                    exception.Message);
                return TypedResults.Json(
                    new ErrorResponse(PredictionErrorCode.NotReady, exception.Message),
                    ResponseJson.Instance.ErrorResponse,
                    statusCode: StatusCodes.Status409Conflict);
            }
        }).AllowAnonymous();
    }

    private static async Task<RunSettings> ReadAsync(HttpContext context)
    {
        try
        {
            var settings = FileJson.Instance.RunSettings;
            return await JsonSerializer.DeserializeAsync(context.Request.Body, settings, context.RequestAborted)
                ?? throw new JsonException("The settings are null.");
        }
        catch (JsonException exception)
        {
            throw new RequestRejectedException(
                StatusCodes.Status400BadRequest,
                PredictionErrorCode.MalformedBody,
                $"The settings are not valid. {exception.Message}",
                exception);
        }
    }
}
