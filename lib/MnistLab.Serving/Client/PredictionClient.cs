using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MnistLab.Serving;

/// <summary>Asks an online service for predictions, in ModelArts's protocol. Safe for any number of threads at once.</summary>
public sealed class PredictionClient : IDisposable
{
    // ModelArts gives one prediction 40 seconds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private const int LargePicture = 1 << 20;

    private readonly HttpClient _http;

    /// <summary>Prepares to ask a service; nothing is sent yet.</summary>
    /// <param name="service">The service's address, such as <c>http://127.0.0.1:8080/</c>.</param>
    public PredictionClient(Uri service)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (!service.IsAbsoluteUri || service.Scheme is not ("http" or "https")) throw new ArgumentException($"'{service}' is not the address of a service: write it as http://host:port/.", nameof(service));
        Service = service;
        _http = new HttpClient { Timeout = Limit };
    }

    /// <summary>The service that is asked.</summary>
    public Uri Service { get; }

    /// <summary>Predicts the digit on a picture in a file.</summary>
    /// <exception cref="PredictionException">The service refused the picture, failed, or cannot be reached.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<Prediction> PredictAsync(string file, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        await using var picture = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 14, useAsync: true);
        return await PredictAsync(picture, Path.GetFileName(file), cancellationToken);
    }

    /// <summary>Predicts the digit on a picture.</summary>
    /// <param name="picture">The whole picture file: PNG, JPEG, BMP or GIF.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="PredictionException">The service refused the picture, failed, or cannot be reached.</exception>
    public Task<Prediction> PredictAsync(byte[] picture, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return PredictAsync(new MemoryStream(picture), cancellationToken: cancellationToken);
    }

    /// <summary>Predicts the digit on a picture.</summary>
    /// <param name="picture">A picture file, from the current position to the end; it stays open.</param>
    /// <param name="fileName">The name to send with it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="PredictionException">The service refused the picture, failed, or cannot be reached.</exception>
    public async Task<Prediction> PredictAsync(Stream picture, string fileName = "digit.png", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        using var file = new StreamContent(picture);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var body = new MultipartFormDataContent { { file, "images", fileName } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = body };
        // Asks first whether a large picture is welcome: a service that refuses it while it is being sent could not be heard.
        request.Headers.ExpectContinue = body.Headers.ContentLength is null or > LargePicture;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode ? Read(text) : throw Refusal(response, text);
        }
        catch (HttpRequestException exception)
        {
            throw new PredictionException($"There is no answer from {Service}: {exception.Message} Is the service running?", innerException: exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PredictionException(FormattableString.Invariant($"There is no answer from {Service} after {Limit.TotalSeconds} s."), innerException: exception);
        }
    }

    /// <summary>Ends the connections.</summary>
    public void Dispose() => _http.Dispose();

    private Prediction Read(string text)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(text, AnswerJson.Instance.PredictionAnswer) ?? throw new JsonException("The answer is null.");
            return new Prediction(answer.PredictedLabel, [.. answer.Scores.Select(pair => new LabelScore(pair[0], double.Parse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture)))]);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or IndexOutOfRangeException)
        {
            throw new PredictionException($"What {Service} answers is no prediction: {exception.Message} Is this the address of an online service?", innerException: exception);
        }
    }

    private PredictionException Refusal(HttpResponseMessage response, string text)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, AnswerJson.Instance.ErrorAnswer) is { } error) return new PredictionException(error.ErrorMsg, error.ErrorCode, response.StatusCode);
        }
        catch (JsonException)
        {
            // Not this service's kind of error: a proxy's page, say. Its status tells what there is to tell.
        }

        return new PredictionException(FormattableString.Invariant($"{Service} answered {(int)response.StatusCode} {response.ReasonPhrase}. Is this the address of an online service?"), statusCode: response.StatusCode);
    }
}
