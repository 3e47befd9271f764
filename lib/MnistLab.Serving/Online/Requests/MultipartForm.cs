using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MnistLab.Serving;

/// <summary>
/// Reads multipart/form-data (RFC 7578) where it lies in memory, and strictly: what a lenient reader would guess at is refused,
/// so that no two programs understand the same body differently.
/// </summary>
internal static class MultipartForm
{
    private const int MaxBoundaryLength = 70;
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private const int MaxParts = 64;
    private const int MaxHeaderBytes = 8 * 1024;

    /// <summary>Finds the one file that a field holds.</summary>
    /// <param name="contentType">The request's Content-Type.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="field">The field's name.</param>
    /// <returns>Where the file is in the body.</returns>
    /// <exception cref="RequestRejectedException">It is no multipart/form-data, or the field is missing, is text, or comes twice.</exception>
    public static Range FindFile(string? contentType, ReadOnlySpan<byte> body, string field)
    {
        Span<byte> delimiter = stackalloc byte[MaxBoundaryLength + 4];
        delimiter = delimiter[..WriteDelimiter(contentType, delimiter, field)];

        // The first delimiter has no line end before it.
        if (!body.StartsWith(delimiter[2..])) throw Malformed("it does not begin with the boundary that its Content-Type names");
        var position = delimiter.Length - 2;
        Range? file = null;
        var isText = false;
        for (var parts = 0; ; parts++)
        {
            var rest = body[position..];
            if (rest.StartsWith("--"u8))
            {
                if (rest.Length > 2 && !rest[2..].SequenceEqual("\r\n"u8)) throw Malformed("something follows its end");
                break;
            }

            if (!rest.StartsWith("\r\n"u8)) throw Malformed("a boundary is not followed by a line end");
            if (parts == MaxParts) throw Malformed($"it has more than {MaxParts} parts");
            var headerEnd = rest.IndexOf("\r\n\r\n"u8);
            if (headerEnd is < 0 or > MaxHeaderBytes) throw Malformed("a part has no end of its header");
            var start = position + headerEnd + 4;
            var length = body[start..].IndexOf(delimiter);
            if (length < 0) throw Malformed("it has no end: the closing boundary is missing");
            var (name, isFile) = ReadHeader(rest[2..(headerEnd + 2)]);
            if (name == field && isFile && file is not null)
                throw new RequestRejectedException(StatusCodes.Status400BadRequest, PredictionErrorCode.TooManyImages, $"There is more than one file in the field '{field}', and one is predicted at a time. {HintOf(field)}.");
            if (name == field && isFile) file = start..(start + length);
            isText |= name == field && !isFile;
            position = start + length + delimiter.Length;
        }

        if (file is { } found) return found;
        var problem = isText ? $"The field '{field}' is text, not a file. {HintOf(field)} (mind the @)." : $"There is no field '{field}'. {HintOf(field)}.";
        throw new RequestRejectedException(StatusCodes.Status400BadRequest, PredictionErrorCode.MissingImage, problem);
    }

    /// <summary>Writes a line end, two hyphens and the boundary: what stands between parts.</summary>
    private static int WriteDelimiter(string? contentType, Span<byte> target, string field)
    {
        const string Usual = "multipart/form-data; boundary=";
        "\r\n--"u8.CopyTo(target);
        if (contentType?.StartsWith(Usual, StringComparison.Ordinal) == true && contentType.Length - Usual.Length is > 0 and <= MaxBoundaryLength && !contentType.AsSpan(Usual.Length).ContainsAnyExcept(Plain))
            return 4 + Encoding.ASCII.GetBytes(contentType.AsSpan(Usual.Length), target[4..]);

        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw new RequestRejectedException(StatusCodes.Status415UnsupportedMediaType, PredictionErrorCode.NotMultipart, $"The request is not multipart/form-data. {HintOf(field)}.");
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        if (boundary.Length is 0 or > MaxBoundaryLength || !IsBoundary(boundary.AsSpan())) throw Malformed("its Content-Type names no boundary of 1 to 70 of the characters that RFC 2046 allows");
        return 4 + Encoding.ASCII.GetBytes(boundary, target[4..]);
    }

    private static bool IsBoundary(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !"'()+_,-./:=? ".Contains(letter, StringComparison.Ordinal)) return false;
        }

        return text[^1] != ' ';
    }

    /// <param name="header">The lines of a part's header, each with its line end.</param>
    private static (string Name, bool IsFile) ReadHeader(ReadOnlySpan<byte> header)
    {
        (string Name, bool IsFile)? found = null;
        while (header.Length > 0)
        {
            var end = header.IndexOf("\r\n"u8);
            var line = header[..end];
            header = header[(end + 2)..];
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || line.ContainsAnyInRange((byte)0, (byte)8) || line.ContainsAny((byte)'\r', (byte)'\n')) throw Malformed("a line of a part's header is not 'name: value'");
            if (Ascii.EqualsIgnoreCase(line[..colon], "Content-Transfer-Encoding"u8) && !Ascii.EqualsIgnoreCase(line[(colon + 1)..].Trim((byte)' '), "binary"u8))
                throw Malformed("a part has a Content-Transfer-Encoding, which forms do not have: send the bytes as they are");
            if (!Ascii.EqualsIgnoreCase(line[..colon], "Content-Disposition"u8)) continue;
            if (found is not null) throw Malformed("a part has two Content-Dispositions");
            found = ReadUsual(line[(colon + 1)..]) ?? ReadDisposition(Encoding.UTF8.GetString(line[(colon + 1)..]));
        }

        return found ?? throw Malformed("a part has no Content-Disposition");
    }

    /// <summary>Reads what nearly all clients write, <c>form-data; name="a"; filename="b"</c>; null for everything else.</summary>
    private static (string Name, bool IsFile)? ReadUsual(ReadOnlySpan<byte> value)
    {
        if (!value.StartsWith(" form-data; name=\""u8) || value.IndexOf((byte)'\\') >= 0) return null;
        value = value[" form-data; name=\""u8.Length..];
        var end = value.IndexOf((byte)'"');
        if (end <= 0) return null;
        var name = Encoding.UTF8.GetString(value[..end]);
        value = value[(end + 1)..];
        if (value.IsEmpty) return (name, false);
        return value.StartsWith("; filename=\""u8) && value["; filename=\""u8.Length..].IndexOf((byte)'"') == value.Length - "; filename=\""u8.Length - 1 ? (name, true) : null;
    }

    private static string HintOf(string field) => $"Send one picture in the field '{field}', as 'curl -F {field}=@digit.png' does";

    private static (string Name, bool IsFile) ReadDisposition(string value)
    {
        if (!ContentDispositionHeaderValue.TryParse(value, out var disposition) || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase) || disposition.Name.Length == 0)
            throw Malformed("a part's Content-Disposition is not 'form-data; name=\"…\"'");
        return (HeaderUtilities.RemoveQuotes(disposition.Name).ToString(), disposition.FileName.HasValue || disposition.FileNameStar.HasValue);
    }

    private static RequestRejectedException Malformed(string problem) =>
        new(StatusCodes.Status400BadRequest, PredictionErrorCode.MalformedBody, $"The body is not what multipart/form-data has to be: {problem}.");
}
