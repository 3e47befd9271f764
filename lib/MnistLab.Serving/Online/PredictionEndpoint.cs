using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using MnistLab.Data;

namespace MnistLab.Serving;

/// <summary>ModelArts's way to ask for a prediction: <c>POST /</c>, multipart/form-data, the picture in the field <c>images</c>.</summary>
internal static class PredictionEndpoint
{
    /// <summary>The largest body, in bytes: 12 MB, as ModelArts has it.</summary>
    public const int LargestBody = 12 * 1024 * 1024;

    private const string Field = "images";

    // Kept in memory whole: a body is small, and a temporary file would be one more thing to fail.
    private static readonly FormOptions FormOptions = new() { MemoryBufferThreshold = LargestBody, MultipartBodyLengthLimit = LargestBody };

    public static void MapPrediction(this IEndpointRouteBuilder routes) => routes.MapPost("/", async (HttpContext context, ServedModels models) =>
    {
        using var loan = models.Borrow();
        var image = await ReadImageAsync(context.Request, context.RequestAborted);
        await using var picture = image.OpenReadStream();
        try
        {
            return TypedResults.Json(PredictionAnswer.From(await loan.Model.PredictAsync(picture, context.RequestAborted)), AnswerJson.Instance.PredictionAnswer);
        }
        catch (DigitImageException exception)
        {
            throw new RefusedRequestException(StatusCodes.Status400BadRequest, PredictionErrorCode.NotAPicture, exception.Message, exception);
        }
    });

    public static RefusedRequestException TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge, PredictionErrorCode.BodyTooLarge, $"The request is larger than {LargestBody >> 20} MB. Send a smaller picture.");

    private static async Task<IFormFile> ReadImageAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        const string Hint = $"Send one picture in the field '{Field}', as 'curl -F {Field}=@digit.png' does";
        if (!request.HasFormContentType)
            throw new RefusedRequestException(StatusCodes.Status415UnsupportedMediaType, PredictionErrorCode.NotMultipart, $"The request is not multipart/form-data. {Hint}.");

        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(FormOptions, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new RefusedRequestException(StatusCodes.Status400BadRequest, PredictionErrorCode.MalformedBody, $"The body is not what multipart/form-data has to be: {exception.Message}", exception);
        }

        return form.Files.GetFiles(Field) switch
        {
            [var image] => image,
            [] when form.ContainsKey(Field) => throw new RefusedRequestException(StatusCodes.Status400BadRequest, PredictionErrorCode.MissingImage, $"The field '{Field}' is text, not a file. {Hint} (mind the @)."),
            [] => throw new RefusedRequestException(StatusCodes.Status400BadRequest, PredictionErrorCode.MissingImage, $"There is no field '{Field}'. {Hint}."),
            var images => throw new RefusedRequestException(StatusCodes.Status400BadRequest, PredictionErrorCode.TooManyImages, FormattableString.Invariant($"There are {images.Count} files in the field '{Field}', and one is predicted at a time. {Hint}.")),
        };
    }
}
