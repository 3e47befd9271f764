using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MnistLab.Storage.S3;

namespace MnistLab.Storage.Tests;

/// <summary>
/// Tests error responses that the real server in these tests does not send, or sends only if the clock is wrong.
/// </summary>
public sealed class S3ErrorTests
{
    private const string Secret = "a-secret-that-no-message-shows";

    private static readonly ObjectUrl Url = ObjectUrl.Parse("s3://some-bucket/some/key");

    [Theory]
    [InlineData(403, "RequestTimeTooSkewed", ObjectStoreError.AccessDenied, "Set this machine's clock")]
    [InlineData(403, "VirtualHostDomainRequired", ObjectStoreError.InvalidRequest, "OBS_ENDPOINT")]
    [InlineData(301, "PermanentRedirect", ObjectStoreError.InvalidRequest, "OBS_REGION")]
    [InlineData(403, "AccessDenied", ObjectStoreError.AccessDenied, "some-bucket")]
    [InlineData(403, "InvalidAccessKeyId", ObjectStoreError.AccessDenied, "OBS_ACCESS_KEY_ID")]
    [InlineData(403, "SignatureDoesNotMatch", ObjectStoreError.AccessDenied, "OBS_SECRET_ACCESS_KEY")]
    [InlineData(404, "NoSuchBucket", ObjectStoreError.NoSuchBucket, "some-bucket")]
    [InlineData(404, "NoSuchKey", ObjectStoreError.NoSuchKey, "some/key")]
    [InlineData(501, "NotImplemented", ObjectStoreError.NotSupported, "some/key")]
    [InlineData(400, "SomethingNew", ObjectStoreError.InvalidRequest, "SomethingNew")]
    [InlineData(500, "InternalError", ObjectStoreError.Unavailable, "some/key")]
    public async Task AnyCall_ServerRefuses_SaysWhatAndWhatNext(int status, string code, ObjectStoreError expected, string named)
    {
        await using var server = new Refusing(status, code);
        using var store = server.Open();
        Func<Task>[] calls = [() => store.GetAsync(Url), () => store.PutTextAsync(Url, "x"), () => store.DeleteAsync(Url)];

        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<ObjectStoreException>(call);

            Assert.Equal(expected, error.Error);
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
            Assert.True(error.Message.Contains(server.Endpoint.Authority, StringComparison.Ordinal), error.Message);
            Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Settings_Shown_HaveNoSecret()
    {
        var settings = new S3Settings(new Uri("https://obs.example.org"), "cn-north-4", "key", Secret);

        Assert.DoesNotContain(Secret, settings.ToString(), StringComparison.Ordinal);
        // What a notebook, a serializer, or a debugger shows: the public properties.
        Assert.DoesNotContain(settings.GetType().GetProperties(), property => property.GetValue(settings) as string == Secret);
        Assert.DoesNotContain(Secret, System.Text.Json.JsonSerializer.Serialize(settings), StringComparison.Ordinal);
        using var store = new S3ObjectStore(settings);
        Assert.DoesNotContain(Secret, System.Text.Json.JsonSerializer.Serialize(store), StringComparison.Ordinal);
    }

    /// <summary>Responds to every request with one error.</summary>
    private sealed class Refusing : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _answering;

        public Refusing(int status, string code)
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Endpoint = new Uri(string.Create(
                    CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}"));
            }

            _listener.Prefixes.Add($"{Endpoint}");
            _listener.Start();
            _answering = AnswerAsync(status, Encoding.UTF8.GetBytes(
                $"<Error><Code>{code}</Code><Message>Refused {Secret.Length}.</Message></Error>"));
        }

        public Uri Endpoint { get; }

        public S3ObjectStore Open() => new(new S3Settings(Endpoint, "us-east-1", "key", Secret) { Retries = 0 });

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _answering;
            _listener.Close();
        }

        private async Task AnswerAsync(int status, byte[] body)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    await context.Request.InputStream.CopyToAsync(Stream.Null);
                    context.Response.StatusCode = status;
                    context.Response.ContentType = "application/xml";
                    await context.Response.OutputStream.WriteAsync(body);
                    context.Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
            }
        }
    }
}
