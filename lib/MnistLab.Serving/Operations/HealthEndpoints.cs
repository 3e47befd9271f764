using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Protocols.Tensors;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Operations;

/// <summary>Whether the process is alive, and whether it can answer: not the same while the model is being loaded.</summary>
internal static class HealthEndpoints
{
    public const string Ready = "/health/ready";
    public const string Live = "/health/live";

    public static void MapHealth(this IEndpointRouteBuilder routes, ServedModels models)
    {
        routes.MapRead(Live, (_, buffer) => WriteAlive(buffer));
        routes.MapRead(Ready, (_, buffer) =>
        {
            if (!models.IsReady) throw NamedModel.NotReady();
            return Write(buffer, "ready");
        });
    }

    /// <summary>Writes a sign of life, as KServe asks for it.</summary>
    public static int WriteAlive(ResponseBuffer buffer) => Write(buffer, "alive");

    private static int Write(ResponseBuffer buffer, string status)
    {
        buffer.Json.WriteStartObject();
        buffer.Json.WriteString("status"u8, status);
        buffer.Json.WriteEndObject();
        return StatusCodes.Status200OK;
    }
}
