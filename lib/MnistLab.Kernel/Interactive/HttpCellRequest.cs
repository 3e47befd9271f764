using System.Net.Http.Headers;
using System.Text;

namespace MnistLab.Kernel.Interactive;

/// <summary>Represents a request of an HTTP cell.</summary>
/// <param name="Method">The method.</param>
/// <param name="Address">The absolute URI.</param>
/// <param name="Headers">The headers in order, including those of the content.</param>
/// <param name="Body">The content; empty if there is none.</param>
internal sealed record HttpCellRequest(
    HttpMethod Method, Uri Address, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body)
{
    /// <summary>Returns the request as a message that can be sent once.</summary>
    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, Address);
        if (Body.Length > 0)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            var type = Headers.LastOrDefault(IsContentType).Value;
            message.Content.Headers.ContentType =
                type is null ? new("text/plain", "utf-8") : MediaTypeHeaderValue.Parse(type);
        }

        foreach (var (name, value) in Headers.Where(header => !IsContentType(header)))
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private static bool IsContentType(KeyValuePair<string, string> header) =>
        header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase);
}
