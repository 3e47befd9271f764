using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MnistLab.Serving.Requests;

/// <summary>
/// Finds a file in multipart/form-data (RFC 7578, RFC 2046) without copying it. All valid input is accepted; ambiguous
/// input is rejected, so that no two programs interpret the same body differently.
/// </summary>
internal static class MultipartForm
{
    private const int MaxBoundaryLength = 70;
    private const int MaxParts = 64;
    private const int MaxHeaderBytes = 8 * 1024;
    private const int TextSample = 512;
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    // All control characters except tab, line feed, and carriage return.
    private static readonly SearchValues<byte> ControlBytes =
        SearchValues.Create([.. Enumerable.Range(0, 32).Except([9, 10, 13]).Append(127).Select(code => (byte)code)]);

    /// <summary>Finds the only file in a field.</summary>
    /// <param name="contentType">The request's Content-Type.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="field">The field's name.</param>
    /// <returns>The range of the file in the body.</returns>
    /// <exception cref="RequestRejectedException">The body is not multipart/form-data, or the field is missing, is
    /// text, or holds several files.</exception>
    public static Range FindFile(string? contentType, ReadOnlySpan<byte> body, string field)
    {
        Span<byte> delimiter = stackalloc byte[MaxBoundaryLength + 4];
        delimiter = delimiter[..WriteDelimiter(contentType, delimiter, field)];

        var position = EndOfFirst(delimiter, body);
        Range? file = null;
        var isText = false;
        for (var parts = 0; ; parts++)
        {
            var isLast = body[position..].StartsWith("--"u8);
            if (isLast) position += 2;
            position += BlanksAt(body[position..]);
            var rest = body[position..];
            // The epilogue after the closing boundary is ignored.
            if (isLast && (rest.IsEmpty || rest.StartsWith("\r\n"u8))) break;
            if (isLast || !rest.StartsWith("\r\n"u8)) throw Malformed("a boundary is not followed by a line end");
            if (parts == MaxParts) throw Malformed($"it has more than {MaxParts} parts");
            var headerEnd = rest.IndexOf("\r\n\r\n"u8);
            if (headerEnd is < 0 or > MaxHeaderBytes) throw Malformed("the header of a part has no end");
            var start = position + headerEnd + 4;
            var length = body[start..].IndexOf(delimiter);
            if (length < 0) throw Malformed("the closing boundary is missing");
            var header = ReadHeader(rest[2..(headerEnd + 2)]);
            if (header.Name == field)
            {
                var isFile = header.IsFile ?? IsBinary(body.Slice(start, length));
                if (isFile && file is not null) throw TooManyFiles(field);
                if (isFile) file = start..(start + length);
                isText |= !isFile;
            }

            position = start + length + delimiter.Length;
        }

        if (file is { } found) return found;
        var problem = isText
            ? $"The field '{field}' is text, not a file. {HintOf(field)} (mind the @)."
            : $"There is no field '{field}'. {HintOf(field)}.";
        throw new RequestRejectedException(StatusCodes.Status400BadRequest, PredictionErrorCode.MissingImage, problem);
    }

    private static RequestRejectedException TooManyFiles(string field) => new(
        StatusCodes.Status400BadRequest,
        PredictionErrorCode.TooManyImages,
        $"There is more than one file in the field '{field}', but a request predicts one image. {HintOf(field)}.");

    /// <summary>
    /// Returns the position after the first boundary, which starts the body or a line after the preamble.
    /// </summary>
    private static int EndOfFirst(ReadOnlySpan<byte> delimiter, ReadOnlySpan<byte> body)
    {
        if (body.StartsWith(delimiter[2..])) return delimiter.Length - 2;
        var first = body.IndexOf(delimiter);
        if (first < 0) throw Malformed("it does not contain the boundary that its Content-Type names");
        return first + delimiter.Length;
    }

    /// <summary>Returns the number of spaces and tabs after a boundary, which RFC 2046 allows.</summary>
    private static int BlanksAt(ReadOnlySpan<byte> rest) =>
        rest.IndexOfAnyExcept(" \t"u8) is var end and >= 0 ? end : rest.Length;

    /// <summary>
    /// Returns whether a part without a file name and content type is a file: image files always contain control
    /// characters.
    /// </summary>
    private static bool IsBinary(ReadOnlySpan<byte> content) =>
        content[..Math.Min(content.Length, TextSample)].ContainsAny(ControlBytes);

    /// <summary>Writes the delimiter between parts: CRLF, two hyphens, and the boundary.</summary>
    private static int WriteDelimiter(string? contentType, Span<byte> target, string field)
    {
        const string Usual = "multipart/form-data; boundary=";
        "\r\n--"u8.CopyTo(target);
        if (contentType?.StartsWith(Usual, StringComparison.Ordinal) == true
            && contentType.Length - Usual.Length is > 0 and <= MaxBoundaryLength
            && !contentType.AsSpan(Usual.Length).ContainsAnyExcept(Plain))
            return 4 + Encoding.ASCII.GetBytes(contentType.AsSpan(Usual.Length), target[4..]);

        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw new RequestRejectedException(
                StatusCodes.Status415UnsupportedMediaType,
                PredictionErrorCode.NotMultipart,
                $"The request is not multipart/form-data. {HintOf(field)}.");
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        if (boundary.Length is 0 or > MaxBoundaryLength || !IsBoundary(boundary.AsSpan()))
            throw Malformed("its Content-Type has no boundary of 1 to 70 characters that RFC 2046 allows");
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

    /// <param name="header">The lines of a part's header, each with its line break.</param>
    /// <returns>The name of the field, and whether the header declares a file; null if it declares neither text nor a
    /// file.</returns>
    private static (string Name, bool? IsFile) ReadHeader(ReadOnlySpan<byte> header)
    {
        (string Name, bool HasFileName)? found = null;
        bool? isTyped = null;
        while (header.Length > 0)
        {
            var end = header.IndexOf("\r\n"u8);
            var line = header[..end];
            header = header[(end + 2)..];
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || line.ContainsAnyInRange((byte)0, (byte)8) || line.ContainsAny((byte)'\r', (byte)'\n'))
                throw Malformed("a line of a part's header is not 'name: value'");
            var name = line[..colon];
            var value = line[(colon + 1)..];
            if (Ascii.EqualsIgnoreCase(name, "Content-Disposition"u8))
            {
                if (found is not null) throw Malformed("a part has two Content-Dispositions");
                found = ReadUsual(value) ?? ReadDisposition(Encoding.UTF8.GetString(value));
            }
            else if (Ascii.EqualsIgnoreCase(name, "Content-Type"u8))
            {
                isTyped = !IsTextType(value.Trim(" \t"u8));
            }
            else if (Ascii.EqualsIgnoreCase(name, "Content-Transfer-Encoding"u8))
            {
                RequireIdentity(value.Trim(" \t"u8));
            }
        }

        var (field, hasFileName) = found ?? throw Malformed("a part has no Content-Disposition");
        return (field, hasFileName ? true : isTyped);
    }

    private static bool IsTextType(ReadOnlySpan<byte> type) =>
        type.Length >= 5 && Ascii.EqualsIgnoreCase(type[..5], "text/"u8);

    // With 7bit, 8bit, and binary, the bytes are not encoded (RFC 2045, section 6.2).
    private static void RequireIdentity(ReadOnlySpan<byte> encoding)
    {
        if (Ascii.EqualsIgnoreCase(encoding, "binary"u8)
            || Ascii.EqualsIgnoreCase(encoding, "8bit"u8)
            || Ascii.EqualsIgnoreCase(encoding, "7bit"u8)) return;
        var name = Encoding.UTF8.GetString(encoding);
        throw Malformed(
            $"a part has the Content-Transfer-Encoding '{name}', which forms do not support: send the bytes without an encoding");
    }

    /// <summary>
    /// Fast path for the form that nearly all clients send, <c>form-data; name="a"; filename="b"</c>; returns null for
    /// everything else.
    /// </summary>
    private static (string Name, bool HasFileName)? ReadUsual(ReadOnlySpan<byte> value)
    {
        if (!value.StartsWith(" form-data; name=\""u8) || value.IndexOf((byte)'\\') >= 0) return null;
        value = value[" form-data; name=\""u8.Length..];
        var end = value.IndexOf((byte)'"');
        if (end <= 0) return null;
        var name = Encoding.UTF8.GetString(value[..end]);
        value = value[(end + 1)..];
        if (value.IsEmpty) return (name, false);
        return value.StartsWith("; filename=\""u8) && value["; filename=\""u8.Length..].IndexOf(
            (byte)'"') == value.Length - "; filename=\""u8.Length - 1 ? (name, true) : null;
    }

    private static string HintOf(string field) =>
        $"Send one image in the field '{field}', as 'curl -F {field}=@digit.png' does";

    private static (string Name, bool HasFileName) ReadDisposition(string value)
    {
        if (!ContentDispositionHeaderValue.TryParse(value, out var disposition)
            || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
            || disposition.Name.Length == 0)
            throw Malformed("a part's Content-Disposition is not 'form-data; name=\"…\"'");
        return (HeaderUtilities
            .RemoveQuotes(disposition.Name)
            .ToString(), disposition.FileName.HasValue || disposition.FileNameStar.HasValue);
    }

    private static RequestRejectedException Malformed(string problem) =>
        new(
            StatusCodes.Status400BadRequest,
            PredictionErrorCode.MalformedBody,
            $"The body is not valid multipart/form-data: {problem}.");
}
