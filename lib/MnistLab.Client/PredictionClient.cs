using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MnistLab.Client;

/// <summary>
/// Sends images to an online service and reads its predictions, using ModelArts's protocol. Thread-safe.
/// </summary>
/// <remarks>Transient failures are retried; see <see cref="PredictionClientOptions.RetryFor"/>.</remarks>
public sealed class PredictionClient : IDisposable
{
    private const int LargeImageBytes = 1 << 20;
    private const int Side = 28;
    private const int PixelCount = Side * Side;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly PredictionClientOptions _options;
    private readonly TimeProvider _time;

    /// <summary>
    /// Initializes a new instance of the <see cref="PredictionClient"/> class, without sending a request.
    /// </summary>
    /// <param name="service">The URL of the service, such as <c>http://127.0.0.1:8080/</c>.</param>
    /// <param name="options">The options; null for the defaults.</param>
    public PredictionClient(Uri service, PredictionClientOptions? options = null)
        : this(service, options, CreateHandler(service), TimeProvider.System)
    {
    }

    internal PredictionClient(Uri service, PredictionClientOptions? options, HttpMessageHandler handler, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (!service.IsAbsoluteUri || service.Scheme is not ("http" or "https"))
            throw new ArgumentException($"'{service}' is not a valid service address: use the form http://host:port/.", nameof(service));
        (Service, _options, _time) = (service, options ?? new PredictionClientOptions(), time);
        _options.Validate();
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (_options.Token is { } token) _http.DefaultRequestHeaders.Add("X-Auth-Token", token);
        if (_options.AppCode is { } appCode) _http.DefaultRequestHeaders.Add("X-Apig-AppCode", appCode);
    }

    /// <summary>Gets the URL of the service.</summary>
    public Uri Service { get; }

    /// <summary>Predicts the label of an image file, such as the digit that it shows.</summary>
    /// <exception cref="PredictionException">The service rejected the image, failed, or cannot be reached.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<PredictionResponse> PredictAsync(string file, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return await AskAsync(await File.ReadAllBytesAsync(file, cancellationToken), Path.GetFileName(file), cancellationToken);
    }

    /// <summary>Predicts the label of an image.</summary>
    /// <param name="picture">The content of the image file: PNG, JPEG, BMP, GIF, or WebP.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="PredictionException">The service rejected the image, failed, or cannot be reached.</exception>
    public Task<PredictionResponse> PredictAsync(byte[] picture, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return AskAsync(picture, "digit.png", cancellationToken);
    }

    /// <summary>Predicts the label of an image.</summary>
    /// <param name="picture">An image file, read from the current position to the end; it is not closed.</param>
    /// <param name="fileName">The file name to send with the image.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="PredictionException">The service rejected the image, failed, or cannot be reached.</exception>
    public async Task<PredictionResponse> PredictAsync(
        Stream picture, string fileName = "digit.png", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        // Buffered for retries, because a stream may be readable only once.
        using var content = new MemoryStream();
        await picture.CopyToAsync(content, cancellationToken);
        return await AskAsync(content.ToArray(), fileName, cancellationToken);
    }

    /// <summary>Predicts the label of an array of pixels.</summary>
    /// <param name="pixels">784 pixels in [0, 1], 28 rows of 28 from the top, white on black; they are sent as 256
    /// shades of gray.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ArgumentException">There are not 784 pixels, or one is not within [0, 1].</exception>
    /// <exception cref="PredictionException">The service rejected the image, failed, or cannot be reached.</exception>
    public Task<PredictionResponse> PredictAsync(float[] pixels, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != PixelCount)
            throw new ArgumentException($"An image has {PixelCount} pixels (28 × 28), not {pixels.Length}.", nameof(pixels));
        if (Array.FindIndex(pixels, pixel => pixel is not (>= 0 and <= 1)) is >= 0 and var wrong)
            throw new ArgumentException(
                FormattableString.Invariant($"Pixels must be between 0 and 1, but pixel {wrong} is {pixels[wrong]}. Divide bytes by 255."),
                nameof(pixels));
        return AskAsync(
            GrayBitmap.Write(Array.ConvertAll(pixels, pixel => (byte)MathF.Round(pixel * 255)), Side),
            "digit.bmp",
            cancellationToken);
    }

    /// <summary>Predicts the labels of many images, several at a time.</summary>
    /// <param name="pictures">The contents of the image files; enumerated as needed.</param>
    /// <param name="concurrency">The maximum number of concurrent requests, at least 1.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>The predictions, in the order of the images.</returns>
    /// <exception cref="PredictionException">A request failed, so the remaining ones are not sent. The message contains
    /// the one-based number of the image.</exception>
    public async Task<IReadOnlyList<PredictionResponse>> PredictBatchAsync(
        IEnumerable<byte[]> pictures, int concurrency = 4, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        // .NET's guard formats the number in the current culture.
        if (concurrency < 1)
            throw new ArgumentOutOfRangeException(
                nameof(concurrency),
                FormattableString.Invariant($"{nameof(concurrency)} must be at least 1, but was {concurrency}."));
        var predictions = new List<PredictionResponse?>();
        await Parallel.ForEachAsync(pictures.Index(), new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken }, async (
            item, token) =>
        {
            PredictionResponse prediction;
            try
            {
                prediction = await PredictAsync(item.Item, token);
            }
            catch (PredictionException exception)
            {
                throw new PredictionException(
                    FormattableString.Invariant($"Image {item.Index + 1}: {exception.Message}"),
                    exception.ErrorCode,
                    exception.StatusCode,
                    exception);
            }

            lock (predictions)
            {
                while (predictions.Count <= item.Index) predictions.Add(null);
                predictions[item.Index] = prediction;
            }
        });
        return [.. predictions.Select(prediction => prediction!)];
    }

    /// <summary>Closes the connections to the service.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<PredictionResponse> AskAsync(byte[] picture, string fileName, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var (prediction, problem, pause) = await TryAsync(picture, fileName, cancellationToken);
            if (prediction is not null) return prediction;
            // Jitter, so that clients do not all retry at the same moment.
            var next = pause ?? TimeSpan.FromTicks((long)(Math.Min(
                MaxPause.Ticks, FirstPause.Ticks << Math.Min(attempt - 1, 10)) * (0.5 + Random.Shared.NextDouble())));
            if (!problem!.IsTransient || _time.GetElapsedTime(started) + next > _options.RetryFor) throw problem;
            await Task.Delay(next, _time, cancellationToken);
        }
    }

    /// <summary>Sends one request.</summary>
    /// <returns>The prediction, or otherwise the problem and the delay that the service requests, if any.</returns>
    private async Task<(PredictionResponse? Prediction, PredictionException? Problem, TimeSpan? Pause)> TryAsync(
        byte[] picture, string fileName, CancellationToken cancellationToken)
    {
        using var file = new ByteArrayContent(picture);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { file, "images", fileName } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = form };
        // A large image is sent only after the service agrees; if the service rejected the image while it was being
        // sent, the client might not receive the response.
        request.Headers.ExpectContinue = picture.Length > LargeImageBytes;
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            // Read as bytes, because a response with an invalid charset is still a response.
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return response.IsSuccessStatusCode ? (Read(body), null, null) : (null, Refusal(response, body), PauseOf(response));
        }
        catch (HttpRequestException exception)
        {
            var isTransient =
                exception.HttpRequestError is not (HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ConfigurationLimitExceeded
                or HttpRequestError.UserAuthenticationError);
            return (null, new PredictionException($"No response from {Service}: {exception.Message} Is the service running?", innerException: exception)
            {
                IsTransient = isTransient
            }, null);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new PredictionException(
                FormattableString.Invariant($"No response from {Service} within {_options.Timeout.TotalSeconds} s."),
                innerException: exception), null);
        }
    }

    private TimeSpan? PauseOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
        _ => null,
    };

    private PredictionResponse Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return ResponseJson.ReadPrediction(body);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new PredictionException(
                $"The response of {Service} is not a prediction: {exception.Message} Is this the address of an online service?",
                innerException: exception);
        }
    }

    private PredictionException Refusal(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var isTransient = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        if (ResponseJson.ReadError(body) is { } error)
            return new PredictionException(error.ErrorMsg, error.ErrorCode, response.StatusCode) { IsTransient = isTransient };
        // Not an error response of the service, but for example the page of a proxy; only the status is informative.
        return new PredictionException(FormattableString.Invariant(
            $"{Service} responded with {(int)response.StatusCode} {response.ReasonPhrase}. Is this the address of an online service?"), statusCode: response.StatusCode)
        {
            IsTransient = isTransient
        };
    }

    // A proxy cannot reach its clients' loopback interface, and must not see what they send there.
    private static SocketsHttpHandler CreateHandler(Uri service) =>
        new() { UseProxy = service is not { IsAbsoluteUri: true, IsLoopback: true } };
}
