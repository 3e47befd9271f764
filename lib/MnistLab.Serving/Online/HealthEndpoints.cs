using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MnistLab.Serving;

/// <summary>Whether the process is alive, and whether it can answer: not the same while the model is being loaded.</summary>
internal static class HealthEndpoints
{
    public const string Ready = "/health/ready";
    public const string Live = "/health/live";

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Live, () => Alive());
        routes.MapGet(Ready, (ServedModels models) => !models.IsReady
            ? throw new RefusedRequestException(StatusCodes.Status503ServiceUnavailable, PredictionErrorCode.NotReady, "The model is being loaded; ask again in a second.")
            : TypedResults.Json(new StatusAnswer("ready"), AnswerJson.Instance.StatusAnswer));
    }

    public static JsonHttpResult<StatusAnswer> Alive() => TypedResults.Json(new StatusAnswer("alive"), AnswerJson.Instance.StatusAnswer);
}
