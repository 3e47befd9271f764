using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace MnistLab.Data.Download;

/// <summary>Requests files from mirrors, and translates errors into plain words.</summary>
/// <param name="http">The client that sends requests; it must not follow redirects.</param>
/// <param name="time">The clock for the timeouts.</param>
/// <param name="options">The timeouts and limits.</param>
internal sealed class MirrorClient(HttpMessageInvoker http, TimeProvider time, DownloadOptions options)
{
    /// <summary>Requests a file.</summary>
    /// <param name="url">The file's address.</param>
    /// <param name="limit">The timeout until the response begins.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="MirrorException">The mirror does not provide the file.</exception>
    public async Task<MirrorResponse> OpenAsync(Uri url, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (url.IsFile) return OpenFile(url);
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await ReadHeadAsync(await SendAsync(url, either.Token), either.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            var passed = late.IsCancellationRequested ? limit : options.ConnectTimeout;
            throw new MirrorException(FormattableString.Invariant($"did not respond within {passed.TotalSeconds:0.#} seconds"), error);
        }
        catch (HttpRequestException error)
        {
            throw new MirrorException(Describe(error), error);
        }
    }

    private static MirrorResponse OpenFile(Uri url)
    {
        try
        {
            var file = new FileStream(url.LocalPath, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
            return new MirrorResponse(file, file.Length, file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MirrorException("has no such file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new MirrorException($"cannot be read: {error.Message}", error);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri url, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            // Requests the compressed file itself, without a second compression for the transfer.
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("MnistLab", null));
            var response = await http.SendAsync(request, cancellationToken);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return response;
            using (response) url = Follow(url, response.Headers.Location, redirects);
        }
    }

    private Uri Follow(Uri from, Uri? location, int redirects)
    {
        if (location is null) throw new MirrorException("redirects, but does not give the new address");
        if (redirects == options.MaximumRedirects)
            throw new MirrorException(FormattableString.Invariant($"redirects more than {options.MaximumRedirects} times"));
        if (!Uri.TryCreate(from, location, out var to))
            throw new MirrorException($"redirects to '{location}', which is not a valid address");
        if (to.Scheme != Uri.UriSchemeHttp && to.Scheme != Uri.UriSchemeHttps)
            throw new MirrorException($"redirects to {to}, which is not a web address");
        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp)
            throw new MirrorException($"redirects from https to http ({to}), where anyone on the network path could change the file");
        return to;
    }

    private static async Task<MirrorResponse> ReadHeadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            if (response.StatusCode == HttpStatusCode.PartialContent)
            {
                var range = response.Content.Headers.ContentRange?.ToString() ?? "no Content-Range";
                throw new MirrorException($"responded with a part of the file ({range}), although the whole file was requested");
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                var status = FormattableString.Invariant($"{(int)response.StatusCode} {response.ReasonPhrase}");
                throw new MirrorException($"answered {status}".TrimEnd());
            }

            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return new MirrorResponse(body, response.Content.Headers.ContentLength, response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static string Describe(HttpRequestException error) => error switch
    {
        { HttpRequestError: HttpRequestError.NameResolutionError } =>
            "cannot be found: its host name does not resolve (is the network connected?)",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => $"does not offer a trusted secure connection: {Innermost(error)}",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "refused the connection",
        { InnerException: SocketException socket } => $"cannot be reached: {socket.Message}",
        { HttpRequestError: HttpRequestError.ResponseEnded } => "closed the connection before it responded",
        _ => $"cannot be requested: {Innermost(error)}",
    };

    private static string Innermost(Exception error) => error.GetBaseException().Message;
}
