using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Protocols.Tensors;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Operations;

/// <summary>
/// Maps the probes of an orchestrator: liveness (the process runs), startup (the model is loaded), and readiness (the
/// service should receive requests: the model is loaded, and the service is not about to stop).
/// </summary>
internal static class HealthEndpoints
{
    public const string Ready = "/health/ready";
    public const string Live = "/health/live";
    public const string Startup = "/health/startup";

    public static void MapHealth(this IEndpointRouteBuilder routes, ServedModels models)
    {
        // Probes carry no token.
        routes.MapRead(Live, (_, buffer) => WriteAlive(buffer)).AllowAnonymous();
        routes.MapRead(Startup, (_, buffer) =>
        {
            if (!models.IsReady) throw NamedModel.NotReady();
            return Write(buffer, "started");
        }).AllowAnonymous();
        routes.MapRead(Ready, (_, buffer) =>
        {
            if (!models.IsReady) throw NamedModel.NotReady();
            if (models.IsDraining) throw Stopping();
            return Write(buffer, "ready");
        }).AllowAnonymous();
    }

    /// <summary>Writes the status that KServe expects of a live service.</summary>
    public static int WriteAlive(ResponseBuffer buffer) => Write(buffer, "alive");

    private static RequestRejectedException Stopping() => new(
        StatusCodes.Status503ServiceUnavailable,
        PredictionErrorCode.NotReady,
        "The service is stopping; send requests to another replica.");

    private static int Write(ResponseBuffer buffer, string status)
    {
        buffer.Json.WriteStartObject();
        buffer.Json.WriteString("status"u8, status);
        buffer.Json.WriteEndObject();
        return StatusCodes.Status200OK;
    }
}
