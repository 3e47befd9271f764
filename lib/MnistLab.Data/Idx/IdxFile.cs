using System.Buffers.Binary;
using System.IO.Compression;
using MnistLab.Hosting;

namespace MnistLab.Data.Idx;

/// <summary>
/// Reads and writes whole IDX files, plain or compressed with gzip; see <see cref="IdxReader"/> for the format, and for
/// reading without an intermediate array.
/// </summary>
public static class IdxFile
{
    /// <summary>Reads a file. Compression is detected from the content, not from the name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The maximum length of the elements in bytes.</param>
    /// <exception cref="IdxFormatException">
    /// The file is not a valid IDX file; the exception says what is wrong, and where.
    /// </exception>
    public static IdxArray Read(string path, long limit = IdxReader.DefaultLimit)
    {
        using var reader = IdxReader.Open(path, limit);
        return ReadAll(reader);
    }

    /// <summary>Reads a stream from its current position to its end.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="name">The name of the stream for error messages.</param>
    /// <param name="limit">The maximum length of the elements in bytes.</param>
    /// <exception cref="IdxFormatException">The stream does not contain a valid IDX file.</exception>
    public static IdxArray Read(Stream stream, string name, long limit = IdxReader.DefaultLimit)
    {
        using var reader = IdxReader.Open(stream, name, limit, leaveOpen: true);
        return ReadAll(reader);
    }

    /// <summary>
    /// Writes a file, compressed if its name ends with <c>.gz</c>; the same array always results in the same bytes.
    /// </summary>
    public static void Write(string path, IdxArray array)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.Write(path, file =>
        {
            if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                Write(file, array);
                return;
            }

            using var gzip = new GZipStream(file, CompressionLevel.SmallestSize);
            Write(gzip, array);
        });
    }

    /// <summary>Writes uncompressed to a stream, which stays open.</summary>
    public static void Write(Stream stream, IdxArray array)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(array);
        Span<byte> header = stackalloc byte[4 + (4 * array.Dimensions.Count)];
        header.Clear();
        header[2] = (byte)array.ElementType;
        header[3] = (byte)array.Dimensions.Count;
        for (var i = 0; i < array.Dimensions.Count; i++) BinaryPrimitives.WriteInt32BigEndian(header[(4 + (4 * i))..], array.Dimensions[i]);
        stream.Write(header);
        stream.Write(array.Data);
    }

    private static IdxArray ReadAll(IdxReader reader) => new(reader.ElementType, reader.Dimensions, reader.ReadAll());
}
