using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel.Interactive;

/// <summary>Represents a response as an HTTP cell displays it.</summary>
internal sealed class HttpCellResponse
{
    private const int MaxCharacters = 20_000;

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _status;
    private readonly string _headers;
    private readonly string _body;
    private readonly string? _image;

    private HttpCellResponse(string status, string headers, string body, string? image) =>
        (_status, _headers, _body, _image) = (status, headers, body, image);

    /// <summary>Sends a request and reads the response.</summary>
    /// <exception cref="HttpRequestException">The request failed.</exception>
    public static async Task<HttpCellResponse> ReceiveAsync(
        HttpMessageInvoker http, HttpCellRequest request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var message = request.ToMessage();
        using var response = await http.SendAsync(message, cancellationToken);
        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var duration = Stopwatch.GetElapsedTime(started).TotalMilliseconds;

        var status = string.Create(
            CultureInfo.InvariantCulture,
            $"{(int)response.StatusCode} {response.ReasonPhrase}, {duration:F0} ms, {content.Length:N0} bytes");
        var headers = string.Concat(response.Headers.Concat(response.Content.Headers)
            .SelectMany(header => header.Value.Select(value => $"{header.Key}: {value}\n")));
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        return type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
            ? new(status, headers, $"[{type}]", $"data:{type};base64,{Convert.ToBase64String(content)}")
            : new(status, headers, Shortened(TextOf(response, type, content)), null);
    }

    /// <summary>Returns the response as HTML and as plain text.</summary>
    public FormattedValue[] ToForms()
    {
        var body = _image is null
            ? $"<pre>{Encode(_body)}</pre>"
            : $"<img src=\"{Encode(_image)}\" alt=\"the response\">";
        var headers = $"<details><summary>Headers</summary><pre>{Encode(_headers)}</pre></details>";
        var text = $"{_status}\n{_headers}\n{_body}".TrimEnd();
        return
        [
            new(HtmlFormatter.MimeType, $"<div><b>{Encode(_status)}</b></div>{headers}{body}"),
            new(PlainTextFormatter.MimeType, text),
        ];
    }

    private static string TextOf(HttpResponseMessage response, string type, byte[] content)
    {
        var text = EncodingOf(response.Content.Headers.ContentType?.CharSet).GetString(content);
        if (!type.EndsWith("json", StringComparison.OrdinalIgnoreCase)) return text;
        try
        {
            return JsonNode.Parse(text)?.ToJsonString(Indented) ?? text;
        }
        catch (JsonException)
        {
            // The content is not valid JSON, although the server declares it as JSON.
            return text;
        }
    }

    private static Encoding EncodingOf(string? name)
    {
        try
        {
            return name is null ? Encoding.UTF8 : Encoding.GetEncoding(name.Trim('"'));
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }

    private static string Shortened(string text) => text.Length <= MaxCharacters
        ? text
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{text[..MaxCharacters]}\n… {text.Length - MaxCharacters:N0} more characters");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
