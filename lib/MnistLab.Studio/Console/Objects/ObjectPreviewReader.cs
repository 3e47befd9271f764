using System.Text;
using MnistLab.Data.Datasets;
using MnistLab.Data.Idx;
using MnistLab.Data.Images;
using MnistLab.Storage;

namespace MnistLab.Studio.Console.Objects;

/// <summary>
/// Reads the part of an object that a page shows: the digits of an IDX file, or the start of a text.
/// </summary>
internal sealed class ObjectPreviewReader(IObjectStore store)
{
    /// <summary>The maximum number of images per page.</summary>
    public const int ImagesAtATime = 60;

    /// <summary>The maximum number of labels per page.</summary>
    public const int LabelsAtATime = 1000;

    private const int MaxText = 1 << 16;
    private const int MaxImage = 1 << 20;
    private const string ImagesPart = "-images-idx3-";
    private const string LabelsPart = "-labels-idx1-";

    /// <summary>Reads a part of an object, off the caller's thread.</summary>
    /// <param name="url">The object.</param>
    /// <param name="start">The index of the first image or label to show, from 0.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    /// <exception cref="IdxFormatException">The object is named as an IDX file, but is not a valid one.</exception>
    public Task<ObjectPreview> ReadAsync(ObjectUrl url, int start, CancellationToken cancellationToken) =>
        Task.Run(() => IsIdx(url) ? ReadIdxAsync(url, start, cancellationToken) : ReadTextAsync(url, cancellationToken), cancellationToken);

    private static bool IsIdx(ObjectUrl url) =>
        url.Name.Contains("-idx", StringComparison.OrdinalIgnoreCase) || url.Name.Contains(".idx", StringComparison.OrdinalIgnoreCase);

    private async Task<ObjectPreview> ReadIdxAsync(ObjectUrl url, int start, CancellationToken cancellationToken)
    {
        await using var content = await store.GetAsync(url, null, cancellationToken);
        using var reader = IdxReader.Open(content, url.ToString());
        var preview = new ObjectPreview
        {
            ElementType = $"{reader.ElementType}",
            Dimensions = string.Join(" × ", reader.Dimensions),
            Count = reader.Dimensions[0],
        };
        return (reader.ElementType, reader.Dimensions) switch
        {
            (IdxElementType.UInt8, [_]) =>
                preview with { Labels = [.. ReadRows(reader, start, LabelsAtATime, 1).Select(label => (int)label)] },
            (IdxElementType.UInt8, [_, > 0 and var rows, > 0 and var columns]) when (long)rows * columns <= MaxImage =>
                await ReadImagesAsync(preview, url, reader, start, cancellationToken),
            _ => preview,
        };
    }

    private async Task<ObjectPreview> ReadImagesAsync(
        ObjectPreview preview, ObjectUrl url, IdxReader reader, int start, CancellationToken cancellationToken)
    {
        var (rows, columns) = (reader.Dimensions[1], reader.Dimensions[2]);
        // Fewer images if they are large, so that a page stays small.
        var limit = Math.Clamp(MaxImage / (rows * columns), 1, ImagesAtATime);
        var pixels = ReadRows(reader, start, limit, rows * columns);
        var count = pixels.Length / (rows * columns);
        var labelsUrl = await FindLabelsAsync(url, cancellationToken);
        byte[] labels = labelsUrl is null ? [] : await ReadLabelsAsync(labelsUrl, start, count, cancellationToken);
        var set = new ImageDataset(pixels, new byte[count], rows, columns);
        return preview with
        {
            LabelsUrl = labelsUrl,
            Digits = [.. Enumerable.Range(0, count).Select(index => new PreviewedDigit(
                start + index,
                "data:image/png;base64," + Convert.ToBase64String(ImageGrid.ToPng(set, [index], columns: 1).Png),
                index < labels.Length ? labels[index] : null))],
        };
    }

    private async Task<ObjectUrl?> FindLabelsAsync(ObjectUrl images, CancellationToken cancellationToken)
    {
        if (!images.Name.Contains(ImagesPart, StringComparison.Ordinal)) return null;
        var labels = images.Parent / images.Name.Replace(ImagesPart, LabelsPart, StringComparison.Ordinal);
        return await store.HeadAsync(labels, cancellationToken) is null ? null : labels;
    }

    private async Task<byte[]> ReadLabelsAsync(ObjectUrl url, int start, int count, CancellationToken cancellationToken)
    {
        await using var content = await store.GetAsync(url, null, cancellationToken);
        using var reader = IdxReader.Open(content, url.ToString());
        return reader is { ElementType: IdxElementType.UInt8, Dimensions: [_] } ? ReadRows(reader, start, count, 1) : [];
    }

    // Compressed files can only be read from their start, so rows are skipped.
    private static byte[] ReadRows(IdxReader reader, int start, int limit, int rowLength)
    {
        var count = Math.Clamp(reader.Dimensions[0] - start, 0, limit);
        var rows = new byte[count * rowLength];
        if (count == 0) return rows;
        reader.Skip((long)start * rowLength);
        reader.ReadPart(rows);
        return rows;
    }

    private async Task<ObjectPreview> ReadTextAsync(ObjectUrl url, CancellationToken cancellationToken)
    {
        await using var content = await store.GetAsync(url, null, cancellationToken);
        var start = new byte[MaxText];
        var length = await content.ReadAtLeastAsync(start, MaxText, throwOnEndOfStream: false, cancellationToken);
        return TextOf(start.AsSpan(0, length)) is { } text ? new() { Text = text, TextLength = length } : new();
    }

    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0)) return null;
        try
        {
            // The last character may be incomplete.
            var characters = new char[bytes.Length];
            var decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
            return new string(characters, 0, decoder.GetChars(bytes, characters, flush: false));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
