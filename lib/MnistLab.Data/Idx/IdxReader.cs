using System.Buffers.Binary;
using System.Text;
using MnistLab.Hosting;

namespace MnistLab.Data.Idx;

/// <summary>
/// Reads one IDX file, plain or compressed with gzip: first the header, then the elements, directly into the caller's
/// memory. The format: two zero bytes, the element type, the number of dimensions, the size of each as a big-endian
/// 4-byte integer, the elements (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits").
/// </summary>
public sealed class IdxReader : IDisposable
{
    /// <summary>The default maximum length of the elements in bytes: the maximum length of an array.</summary>
    public const long DefaultLimit = 0x7FFFFFC7;

    private const int BufferSize = 1 << 16;

    private readonly string _name;
    private readonly Stream _stream;
    private readonly PositionStream _content;
    private readonly bool _leaveOpen;
    private bool _isRead;

    private IdxReader(Stream stream, string name, long limit, bool leaveOpen)
    {
        (_name, _stream, _leaveOpen) = (name, stream, leaveOpen);
        _content = new PositionStream(GzipContentStream.Open(stream));
        (ElementType, Dimensions) = Guard(ReadHeader);

        PayloadLength = IdxArray.LengthOf(ElementType, Dimensions) is { } bytes && bytes <= limit
            ? bytes
            : throw new IdxFormatException(
                name,
                4,
                FormattableString.Invariant($"dimensions for at most {limit} bytes"),
                string.Join(" × ", Dimensions));
    }

    /// <summary>Gets the type of the elements.</summary>
    public IdxElementType ElementType { get; }

    /// <summary>Gets the size of each dimension, outermost first: 1 to 255 of them.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>Gets the length of the elements in bytes.</summary>
    public long PayloadLength { get; }

    /// <summary>
    /// Opens a file and reads its header. Compression is detected from the content, not from the name.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The maximum length of the elements in bytes.</param>
    /// <exception cref="IdxFormatException">
    /// The file is not a valid IDX file, or holds more than <paramref name="limit"/> bytes.
    /// </exception>
    public static IdxReader Open(string path, long limit = DefaultLimit) =>
        Open(new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            BufferSize,
            FileOptions.SequentialScan), path, limit, leaveOpen: false);

    /// <summary>
    /// Opens a stream at its current position and reads the header; the IDX file must end where the stream ends.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">The name of the stream for error messages.</param>
    /// <param name="limit">The maximum length of the elements in bytes.</param>
    /// <param name="leaveOpen">Whether the stream stays open when this reader is disposed.</param>
    /// <exception cref="IdxFormatException">
    /// The stream does not contain a valid IDX file, or holds more than <paramref name="limit"/> bytes.
    /// </exception>
    public static IdxReader Open(Stream stream, string name, long limit = DefaultLimit, bool leaveOpen = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        NumberRange.RequireAtLeast(limit, 0);
        try
        {
            return new IdxReader(stream, name, limit, leaveOpen);
        }
        catch
        {
            if (!leaveOpen) stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads all elements, in row-major order, big-endian as in the file, and validates that the file ends after them.
    /// It can be called only once.
    /// </summary>
    /// <param name="destination">Receives the elements: exactly <see cref="PayloadLength"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> does not have that length.</exception>
    /// <exception cref="InvalidOperationException">The elements have already been read.</exception>
    /// <exception cref="IdxFormatException">There are fewer elements, or other bytes follow them.</exception>
    public void Read(Span<byte> destination)
    {
        if (destination.Length != PayloadLength)
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"{_name} holds {PayloadLength} bytes of elements, but the destination has room for only {destination.Length}."),
                nameof(destination));
        RequireUnread();
        if (Fill(destination) < destination.Length) throw Truncated();
        RequireEnd();
    }

    /// <summary>Skips elements.</summary>
    /// <param name="bytes">The number of bytes to skip, at least 0.</param>
    /// <exception cref="IdxFormatException">There are fewer bytes.</exception>
    public void Skip(long bytes)
    {
        NumberRange.RequireAtLeast(bytes, 0);
        var buffer = new byte[(int)Math.Min(bytes, BufferSize)];
        for (; bytes > 0; bytes -= buffer.Length) ReadPart(buffer.AsSpan(0, (int)Math.Min(bytes, buffer.Length)));
    }

    /// <summary>
    /// Reads the next elements, if only a part of the file is needed: the rest is not validated. <see cref="Read"/>
    /// cannot be called afterwards.
    /// </summary>
    /// <param name="destination">Receives the elements; it is filled.</param>
    /// <exception cref="IdxFormatException">There are fewer elements.</exception>
    public void ReadPart(Span<byte> destination)
    {
        _isRead = true;
        if (Fill(destination) < destination.Length) throw Truncated();
    }

    /// <summary>Closes the file, or the stream unless it is to stay open.</summary>
    public void Dispose()
    {
        _content.Dispose();
        if (!_leaveOpen) _stream.Dispose();
    }

    /// <summary>
    /// Reads all elements into a new array. If the header announces a lot of data, the array grows as the file is read:
    /// a false header costs no more memory than the file warrants.
    /// </summary>
    internal byte[] ReadAll()
    {
        const int Trusted = 1 << 26;
        RequireUnread();
        var data = GC.AllocateUninitializedArray<byte>((int)Math.Min(PayloadLength, Trusted));
        var read = 0;
        while (true)
        {
            read += Fill(data.AsSpan(read));
            if (read < data.Length) throw Truncated();
            if (read == PayloadLength) break;
            Array.Resize(ref data, (int)Math.Min(PayloadLength, 2L * data.Length));
        }

        RequireEnd();
        return data;
    }

    private static string Describe(ReadOnlySpan<byte> start)
    {
        var text = start.StartsWith("\uFEFF"u8) ? start[3..] : start;
        return text.TrimStart(" \t\r\n"u8) is [(byte)'<', ..]
            ? $"'{Encoding.ASCII.GetString(text)}': a web page was saved instead of the file"
            : Convert.ToHexString(start);
    }

    private (IdxElementType Type, int[] Dimensions) ReadHeader()
    {
        Span<byte> magic = stackalloc byte[4];
        var length = _content.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        if (length < 4)
            throw new IdxFormatException(
                _name,
                length,
                "the 4 bytes of the magic number",
                length == 0 ? "nothing: the file is empty" : "the end of the file");
        if (magic[0] != 0 || magic[1] != 0) throw new IdxFormatException(_name, 0, "two zero bytes", Describe(magic));
        if (!Enum.IsDefined((IdxElementType)magic[2]))
            throw new IdxFormatException(_name, 2, "an element type (08, 09, 0B, 0C, 0D, or 0E)", $"{magic[2]:X2}");
        if (magic[3] == 0) throw new IdxFormatException(_name, 3, "at least one dimension", "0");

        Span<byte> sizes = stackalloc byte[4 * magic[3]];
        length = _content.ReadAtLeast(sizes, sizes.Length, throwOnEndOfStream: false);
        if (length < sizes.Length)
            throw new IdxFormatException(_name, 4 + length, $"the sizes of {magic[3]} dimensions", "the end of the file");
        var dimensions = new int[magic[3]];
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(sizes[(4 * i)..]);
            if (dimensions[i] < 0)
                throw new IdxFormatException(
                    _name,
                    4 + (4 * i),
                    "the size of a dimension",
                    FormattableString.Invariant($"{(uint)dimensions[i]}, which is too large"));
        }

        return ((IdxElementType)magic[2], dimensions);
    }

    private void RequireUnread()
    {
        if (_isRead) throw new InvalidOperationException($"The elements of {_name} have been read already. Open it again.");
        _isRead = true;
    }

    private int Fill(Span<byte> destination)
    {
        try
        {
            return _content.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException error)
        {
            throw Corrupt(error);
        }
    }

    private void RequireEnd()
    {
        if (Guard(() => _content.ReadByte()) >= 0)
            throw new IdxFormatException(_name, _content.Position - 1, "the end of the file", "more bytes");
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException error)
        {
            throw Corrupt(error);
        }
    }

    private IdxFormatException Corrupt(Exception cause) => new(_name, _content.Position, "intact gzip data", cause.Message, cause);

    private IdxFormatException Truncated() =>
        new(
            _name,
            _content.Position,
            FormattableString.Invariant($"{PayloadLength} bytes of elements ({string.Join(" × ", Dimensions)})"),
            FormattableString.Invariant($"the end of the file after {_content.Position - 4 - (4 * Dimensions.Count)}"));
}
