using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MnistLab.Data.Images;
using MnistLab.Models;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Operations;

/// <summary>
/// Maps <c>GET /openapi.json</c>: a description of all endpoints, with examples that work on this service.
/// </summary>
internal static class OpenApiEndpoint
{
    public static void MapOpenApi(this IEndpointRouteBuilder routes, RunSettings settings, ServedModels models)
    {
        routes.MapRead("/openapi.json", context =>
        {
            var served = models.Current is { Count: > 0 } current ? current[0] : settings.Models[0];
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(Fill(served), context.RequestAborted);
        });
    }

    private static string Fill(ServedVersion served)
    {
        using var stream = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var picture = DigitImage.Decode(ProbePicture.Create());
        return reader.ReadToEnd()
            .Replace("{{model}}", served.Model, StringComparison.Ordinal)
            .Replace("{{version}}", served.Version.ToString(), StringComparison.Ordinal)
            .Replace("{{png}}", Convert.ToBase64String(picture.ToPng()), StringComparison.Ordinal)
            .Replace(
                "\"{{pixels}}\"",
                $"[{string.Join(',', picture.ToUnitInterval().Select(pixel => FormattableString.Invariant($"{pixel:0.###}")))}]",
                StringComparison.Ordinal);
    }
}
