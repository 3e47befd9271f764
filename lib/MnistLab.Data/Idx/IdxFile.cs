using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MnistLab.Data;

/// <summary>
/// Reads and writes IDX files, plain or compressed with gzip. The format: two zero bytes, the element type, the number of dimensions,
/// the size of each as a big-endian 4-byte integer, the elements (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits").
/// </summary>
public static class IdxFile
{
    /// <summary>Reads a file; whether it is compressed shows in its content, not in its name.</summary>
    /// <exception cref="IdxFormatException">It is no IDX file; the exception says what is wrong, where.</exception>
    public static IdxArray Read(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file, path);
    }

    /// <summary>Reads a stream from its current position to its end.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="IdxFormatException">It holds no IDX file.</exception>
    public static IdxArray Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffered = new BufferedStream(stream, 1 << 16);
        Span<byte> start = stackalloc byte[2];
        var length = buffered.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        var all = new PrefixedStream(start[..length].ToArray(), buffered);
        return length == 2 && start is [0x1f, 0x8b] ? ReadCompressed(all, name) : ReadContent(all, name);
    }

    /// <summary>Writes a file, compressed if its name ends with <c>.gz</c>; the same array always gives the same bytes.</summary>
    public static void Write(string path, IdxArray array)
    {
        ArgumentNullException.ThrowIfNull(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            using (var file = File.Create(temporary))
            {
                if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
                {
                    using var gzip = new GZipStream(file, CompressionLevel.SmallestSize);
                    Write(gzip, array);
                }
                else
                {
                    Write(file, array);
                }
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes to a stream, uncompressed; the stream stays open.</summary>
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

    private static IdxArray ReadCompressed(Stream stream, string name)
    {
        var counted = new PositionStream(new GZipStream(stream, CompressionMode.Decompress));
        try
        {
            return ReadContent(counted, name);
        }
        catch (InvalidDataException error)
        {
            throw new IdxFormatException(name, counted.Position, "intact gzip data", "corrupt gzip data", error);
        }
    }

    private static IdxArray ReadContent(Stream stream, string name)
    {
        Span<byte> magic = stackalloc byte[4];
        var length = stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        if (length < 4) throw new IdxFormatException(name, length, "the 4 bytes of the magic number", length == 0 ? "nothing: the file is empty" : "the end of the file");
        if (magic[0] != 0 || magic[1] != 0) throw new IdxFormatException(name, 0, "two zero bytes", Describe(magic));
        if (!Enum.IsDefined((IdxElementType)magic[2]))
            throw new IdxFormatException(name, 2, "an element type (08, 09, 0B, 0C, 0D or 0E)", $"{magic[2]:X2}");
        if (magic[3] == 0) throw new IdxFormatException(name, 3, "at least one dimension", "0");

        var type = (IdxElementType)magic[2];
        var dimensions = ReadDimensions(stream, magic[3], name);
        var headerLength = 4L + (4 * dimensions.Length);
        var bytes = dimensions.Aggregate((Int128)IdxArray.SizeOf(type), (product, size) => product * size);
        if (bytes > Array.MaxLength) throw new IdxFormatException(name, 4, $"dimensions for at most {Array.MaxLength} bytes", string.Join(" × ", dimensions));

        // A lying header costs memory only as far as the file goes: small files are read into a buffer that grows.
        var data = ReadPayload(stream, (int)bytes);
        if (data.Length < bytes) throw new IdxFormatException(name, headerLength + data.Length, $"{bytes} bytes of elements ({string.Join(" × ", dimensions)})", $"the end of the file after {data.Length}");
        if (stream.ReadByte() >= 0) throw new IdxFormatException(name, headerLength + data.Length, "the end of the file", "more bytes");
        return new IdxArray(type, dimensions, data);
    }

    private static int[] ReadDimensions(Stream stream, int count, string name)
    {
        var header = new byte[4 * count];
        var length = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (length < header.Length) throw new IdxFormatException(name, 4 + length, $"the sizes of {count} dimensions", "the end of the file");
        var dimensions = new int[count];
        for (var i = 0; i < count; i++)
        {
            dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * i));
            if (dimensions[i] < 0) throw new IdxFormatException(name, 4 + (4 * i), "the size of a dimension", FormattableString.Invariant($"{(uint)dimensions[i]}, which is too large"));
        }

        return dimensions;
    }

    private static byte[] ReadPayload(Stream stream, int length)
    {
        const int Trusted = 1 << 26;
        var data = new byte[Math.Min(length, Trusted)];
        var read = 0;
        while (true)
        {
            read += stream.ReadAtLeast(data.AsSpan(read), data.Length - read, throwOnEndOfStream: false);
            if (read < data.Length) return data[..read];
            if (read == length) return data;
            Array.Resize(ref data, (int)Math.Min(length, 2L * data.Length));
        }
    }

    private static string Describe(ReadOnlySpan<byte> start) => start[0] == '<'
        ? $"'{Encoding.ASCII.GetString(start)}': a web page was saved instead of the file"
        : Convert.ToHexString(start);
}
