using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace MnistLab.Data;

/// <summary>Asks mirrors for files, and says in plain words why one does not answer.</summary>
/// <param name="http">What sends requests; it must not follow redirects by itself.</param>
/// <param name="time">The clock of the limits.</param>
/// <param name="options">The limits.</param>
internal sealed class MirrorClient(HttpMessageInvoker http, TimeProvider time, DownloadOptions options)
{
    /// <summary>Asks for a file, or for the rest of it.</summary>
    /// <param name="url">The file's address.</param>
    /// <param name="part">Of which version the bytes are that are here already; null if there are none.</param>
    /// <param name="offset">How many they are.</param>
    /// <param name="limit">How long the answer may take to begin.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MirrorException">The mirror does not give the file.</exception>
    public async Task<MirrorAnswer> OpenAsync(Uri url, PartOrigin? part, long offset, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (url.IsFile) return OpenFile(url);
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var answer = await AskAsync(url, part, offset, either.Token);
            if (part is not null && !Fits(answer, part, offset))
            {
                // The file is another one than that which the beginning is of.
                answer.Dispose();
                (part, offset) = (null, 0);
                answer = await AskAsync(url, part, offset, either.Token);
            }

            return await ReadHeadAsync(answer, part, offset, either.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MirrorException(FormattableString.Invariant($"did not answer within {(late.IsCancellationRequested ? limit : options.ConnectTimeout).TotalSeconds:0.#} seconds"), innerException: error);
        }
        catch (HttpRequestException error)
        {
            throw new MirrorException(Describe(error), innerException: error);
        }
    }

    private static MirrorAnswer OpenFile(Uri url)
    {
        try
        {
            var file = new FileStream(url.LocalPath, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
            return new MirrorAnswer(file, 0, new PartOrigin(null, null, file.Length), file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MirrorException("has no such file", innerException: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new MirrorException($"cannot be read: {error.Message}", innerException: error);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(Uri url, PartOrigin? part, long offset, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            // Only the compressed file itself is wanted, not one that is compressed once more on the way.
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("MnistLab", null));
            if (part is not null)
            {
                request.Headers.Range = new RangeHeaderValue(offset, null);
                request.Headers.IfRange = part.Condition();
            }

            var answer = await http.SendAsync(request, cancellationToken);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308)) return answer;
            using (answer) url = Follow(url, answer.Headers.Location, redirects);
        }
    }

    private Uri Follow(Uri from, Uri? location, int redirects)
    {
        if (location is null) throw new MirrorException("redirects, but does not say where to");
        if (redirects == options.MaximumRedirects) throw new MirrorException(FormattableString.Invariant($"redirects more than {options.MaximumRedirects} times"));
        if (!Uri.TryCreate(from, location, out var to)) throw new MirrorException($"redirects to '{location}', which is no address");
        if (to.Scheme != Uri.UriSchemeHttp && to.Scheme != Uri.UriSchemeHttps) throw new MirrorException($"redirects to {to}, which is no web address");
        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp) throw new MirrorException($"redirects from https to http ({to}), where anyone on the way could change the file");
        return to;
    }

    private static bool Fits(HttpResponseMessage answer, PartOrigin part, long offset) => answer.StatusCode switch
    {
        HttpStatusCode.RequestedRangeNotSatisfiable => false,
        HttpStatusCode.PartialContent => answer.Content.Headers.ContentRange is { } range && range.From == offset && (range.Length is not { } length || part.Total is not { } total || length == total),
        _ => true,
    };

    private static async Task<MirrorAnswer> ReadHeadAsync(HttpResponseMessage answer, PartOrigin? part, long offset, CancellationToken cancellationToken)
    {
        try
        {
            var isRest = answer.StatusCode == HttpStatusCode.PartialContent;
            if (answer.StatusCode != HttpStatusCode.OK && !isRest) throw new MirrorException(FormattableString.Invariant($"answered {(int)answer.StatusCode} {answer.ReasonPhrase}").TrimEnd());
            if (isRest && part is null) throw new MirrorException($"answered with a part of the file ({answer.Content.Headers.ContentRange?.ToString() ?? "no Content-Range"}), and was asked for all of it");

            var origin = isRest ? part! : PartOrigin.Of(answer, answer.Content.Headers.ContentLength);
            return new MirrorAnswer(await answer.Content.ReadAsStreamAsync(cancellationToken), isRest ? offset : 0, origin, answer);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private static string Describe(HttpRequestException error) => error switch
    {
        { HttpRequestError: HttpRequestError.NameResolutionError } => "cannot be found: its name is unknown here (is there a network?)",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => $"has no secure connection that can be trusted: {Innermost(error)}",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "refused the connection",
        { InnerException: SocketException socket } => $"cannot be reached: {socket.Message}",
        { HttpRequestError: HttpRequestError.ResponseEnded } => "cut the connection before it answered",
        _ => $"cannot be asked: {Innermost(error)}",
    };

    private static string Innermost(Exception error) => error.GetBaseException().Message;
}
