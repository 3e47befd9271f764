using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MnistLab.Serving.Deployment;

namespace MnistLab.Studio.Console.Services;

/// <summary>Represents the response of a service to an image.</summary>
/// <param name="Status">The HTTP status, such as <c>200 OK</c>.</param>
/// <param name="Milliseconds">The latency in milliseconds.</param>
/// <param name="Json">The body, indented if it is JSON.</param>
/// <param name="Label">The predicted label; null if the response is not a prediction.</param>
/// <param name="Scores">The labels and their probabilities, the most probable first.</param>
internal sealed record PredictionReply(
    string Status, double Milliseconds, string Json, string? Label, IReadOnlyList<(string Name, double Score)> Scores)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Sends an image to a service, with the secret of the service if it has one.</summary>
    /// <exception cref="HttpRequestException">The service does not respond.</exception>
    public static async Task<PredictionReply> AskAsync(
        OnlineService service, byte[] image, string fileName, CancellationToken cancellationToken)
    {
        using var http = service.CreateHttpClient();
        http.Timeout = Limit;
        using var file = new ByteArrayContent(image);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { file, "images", fileName } };
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var response = await http.PostAsync("", form, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            var time = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            var status = string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}");
            return Read(status, time, body);
        }
        catch (TaskCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(
                FormattableString.Invariant($"{service.Url} did not respond within {Limit.TotalSeconds} s."), error);
        }
    }

    private static PredictionReply Read(string status, double milliseconds, string body)
    {
        try
        {
            var json = JsonNode.Parse(body);
            var reply = new PredictionReply(status, milliseconds, json?.ToJsonString(Indented) ?? body, null, []);
            if (json is not JsonObject || json["predicted_label"] is not { } label || json["scores"] is not JsonArray scores) return reply;
            return reply with { Label = (string?)label, Scores = [.. scores.OfType<JsonArray>().Select(ReadScore)] };
        }
        // A response in any other format, such as that of another program, is shown unchanged.
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            return new PredictionReply(status, milliseconds, body, null, []);
        }
    }

    private static (string Name, double Score) ReadScore(JsonArray pair) =>
        ((string?)pair[0] ?? "", double.Parse((string?)pair[1] ?? "", NumberStyles.Float, CultureInfo.InvariantCulture));
}
