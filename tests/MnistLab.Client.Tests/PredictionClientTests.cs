using System.Net;
using System.Net.Sockets;

namespace MnistLab.Client.Tests;

public sealed class PredictionClientTests
{
    private const string Answer = """{"predicted_label":"7","scores":[["7","0.900"],["1","0.100"]]}""";
    private static readonly Uri Service = new("http://127.0.0.1:1/");

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Predict_WhenTheServiceIsBusyForAWhile_AsksAgainWithTheSamePicture(HttpStatusCode busy)
    {
        var server = new Script(_ => Error(busy), _ => Error(busy), _ => Ok());
        using var client = new PredictionClient(Service, null, server, TimeProvider.System);

        // A stream that can be read only once.
        var prediction = await client.PredictAsync(new ReadOnce([1, 2, 3]));

        Assert.Equal("7", prediction.PredictedLabel);
        Assert.Equal(3, server.Bodies.Count);
        Assert.All(server.Bodies, body => Assert.True(body.AsSpan().IndexOf(new byte[] { 1, 2, 3 }) > 0));
    }

    [Fact]
    public async Task Predict_WhenTheConnectionBreaks_AsksAgain()
    {
        var server = new Script(
            _ => throw new HttpRequestException(
                HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused)),
            _ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "ended"),
            _ => Ok());
        using var client = new PredictionClient(Service, null, server, TimeProvider.System);

        Assert.Equal("7", (await client.PredictAsync([1, 2, 3])).PredictedLabel);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task Predict_WhenAskingAgainWouldChangeNothing_FailsAtOnce(HttpStatusCode status)
    {
        var server = new Script(_ => Error(status));
        using var client = new PredictionClient(Service, null, server, TimeProvider.System);

        var error = await Assert.ThrowsAsync<PredictionException>(() => client.PredictAsync([1]));

        Assert.Equal((status, "PR.1", "so it is", false), (error.StatusCode, error.ErrorCode, error.Message, error.IsTransient));
        Assert.Single(server.Bodies);
    }

    [Fact]
    public async Task Predict_WhenTheServiceAsksForMoreTimeThanThereIs_FailsAtOnce()
    {
        var server = new Script(_ =>
        {
            var busy = Error(HttpStatusCode.ServiceUnavailable);
            busy.Headers.RetryAfter = new(TimeSpan.FromMinutes(1));
            return busy;
        });
        using var client = new PredictionClient(Service, null, server, TimeProvider.System);

        Assert.True((await Assert.ThrowsAsync<PredictionException>(() => client.PredictAsync([1]))).IsTransient);
        Assert.Single(server.Bodies);
    }

    [Fact]
    public async Task Predict_WhenNobodyAnswersInTime_SaysSo_AndWhenCancelled_IsCancelled()
    {
        var server = new Script();
        using var client = new PredictionClient(Service, new() { Timeout = TimeSpan.FromMilliseconds(50) }, server, TimeProvider.System);
        using var patient = new PredictionClient(Service, null, server, TimeProvider.System);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var error = await Assert.ThrowsAsync<PredictionException>(() => client.PredictAsync([1]));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patient.PredictAsync([1], cancellation.Token));

        Assert.Contains("0.05 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_ManyPictures_GivesTheAnswersInTheirOrderAndNamesTheOneThatFails()
    {
        var server = new Echo();
        using var client = new PredictionClient(Service, null, server, TimeProvider.System);

        var answers = await client.PredictBatchAsync(Enumerable.Range(0, 100).Select(i => new[] { (byte)i }), concurrency: 8);
        var error = await Assert.ThrowsAsync<PredictionException>(() => client.PredictBatchAsync([[1], [200], [3]], concurrency: 1));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), answers.Select(answer => answer.PredictedLabel));
        Assert.InRange(server.MostAtOnce, 2, 8);
        Assert.StartsWith("Image 2:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_WithSecrets_SendsThemAndPrintsThemNowhere()
    {
        var server = new Script(_ => Ok());
        var options = new PredictionClientOptions { Token = "secret-token-1234567", AppCode = "secret-code-1234567" };
        using var client = new PredictionClient(Service, options, server, TimeProvider.System);

        await client.PredictAsync([1]);

        Assert.Equal(["secret-token-1234567"], server.Headers!.GetValues("X-Auth-Token"));
        Assert.Equal(["secret-code-1234567"], server.Headers!.GetValues("X-Apig-AppCode"));
        Assert.DoesNotContain("secret", $"{options}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_PixelsThatAreNone_IsRefusedBeforeAnythingIsSent()
    {
        using var client = new PredictionClient(Service);

        await Assert.ThrowsAsync<ArgumentException>(() => client.PredictAsync(new float[783]));
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => client.PredictAsync([.. Enumerable.Repeat(255f, 784)]));
        Assert.Contains("Divide bytes by 255", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PredictionClient(new Uri("ftp://127.0.0.1/")));
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "text/html; charset=utf-8", "<html>", "is not a prediction")]
    [InlineData(HttpStatusCode.OK, "text/html; charset=none-such", "<html>", "is not a prediction")]
    [InlineData(HttpStatusCode.OK, "application/json", "[]", "is not a prediction")]
    [InlineData(HttpStatusCode.OK, "application/json", "null", "is not a prediction")]
    [InlineData(HttpStatusCode.OK, "application/json", """{"predicted_label":"7","scores":[["7"]]}""", "is not a prediction")]
    [InlineData(HttpStatusCode.BadGateway, "text/html; charset=utf-8", "<html>", "responded with 502")]
    [InlineData(HttpStatusCode.BadGateway, "text/html; charset=none-such", "<html>", "responded with 502")]
    [InlineData(HttpStatusCode.NotFound, "application/json", """{"message":"no such route"}""", "responded with 404")]
    public async Task Predict_WhenSomethingElseAnswers_SaysSo(HttpStatusCode status, string contentType, string body, string words)
    {
        using var client = new PredictionClient(Service, null, new Script(_ => Response(status, contentType, body)), TimeProvider.System);

        var error = await Assert.ThrowsAsync<PredictionException>(() => client.PredictAsync([1]));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("Is this the address of an online service?", error.Message, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Response(HttpStatusCode status, string contentType, string body)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body) };
        response.Content.Headers.Remove("Content-Type");
        response.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return response;
    }

    private static HttpResponseMessage Ok() => new() { Content = new StringContent(Answer) };

    private static HttpResponseMessage Error(HttpStatusCode status) =>
        new(status) { Content = new StringContent("""{"error_code":"PR.1","error_msg":"so it is"}""") };

    /// <summary>
    /// Responds to the first request with the first step, to the second with the second, and so on; never responds to
    /// requests after the last step.
    /// </summary>
    private sealed class Script(params Func<HttpRequestMessage, HttpResponseMessage>[] steps) : HttpMessageHandler
    {
        public List<byte[]> Bodies { get; } = [];

        public System.Net.Http.Headers.HttpRequestHeaders? Headers { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Headers = request.Headers;
            Bodies.Add(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            if (Bodies.Count > steps.Length) await Task.Delay(Timeout.Infinite, cancellationToken);
            return steps[Bodies.Count - 1](request);
        }
    }

    /// <summary>
    /// Responds with the last byte of the image as the label, and rejects images whose last byte is 200 or more.
    /// </summary>
    private sealed class Echo : HttpMessageHandler
    {
        private int _atOnce;

        public int MostAtOnce { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var atOnce = Interlocked.Increment(ref _atOnce);
            lock (this) MostAtOnce = Math.Max(MostAtOnce, atOnce);
            var form = (MultipartFormDataContent)request.Content!;
            var picture = await form.Single().ReadAsByteArrayAsync(cancellationToken);
            await Task.Delay(2 + (picture[0] % 3), cancellationToken);
            Interlocked.Decrement(ref _atOnce);
            return picture[0] >= 200 ? Error(HttpStatusCode.BadRequest) : new HttpResponseMessage
            {
                Content = new StringContent(Answer.Replace("\"7\"", $"\"{picture[0]}\"", StringComparison.Ordinal))
            };
        }
    }

    private sealed class ReadOnce(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override long Length => throw new NotSupportedException();
    }
}
