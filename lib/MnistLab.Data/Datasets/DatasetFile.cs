using System.Buffers;
using MnistLab.Hosting;

namespace MnistLab.Data.Datasets;

/// <summary>Represents one of the four files of a dataset, and the hash that identifies its content.</summary>
public sealed record DatasetFile
{
    private const string GzipExtension = ".gz";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/\\:*?\"<>|%#");

    /// <summary>Initializes a file.</summary>
    /// <param name="role">The role of the file.</param>
    /// <param name="name">
    /// The name, both on the mirrors and in the folder, such as <c>train-images-idx3-ubyte.gz</c>.
    /// </param>
    /// <param name="length">The length of the decompressed content in bytes; at least 1.</param>
    /// <param name="sha256">
    /// The SHA-256 of the decompressed content: 64 hexadecimal digits. It is not that of the compressed file,
    /// because mirrors compress the same data differently.
    /// </param>
    /// <exception cref="ArgumentException">The name is not a plain file name, or the hash is not a SHA-256.</exception>
    public DatasetFile(DatasetFileRole role, string name, long length, string sha256)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(sha256);
        NumberRange.RequireAtLeast(length, 1);
        if (name.StartsWith('.') || name.AsSpan().ContainsAny(NotInNames) || name.Any(char.IsControl))
            throw new ArgumentException($"'{name}' is not a plain file name.", nameof(name));
        sha256 = sha256.ToLowerInvariant();
        if (sha256.Length != 64 || sha256.AsSpan().ContainsAnyExcept(HexDigits))
            throw new ArgumentException($"'{sha256}' is not a valid SHA-256: it must have 64 hexadecimal digits.", nameof(sha256));

        (Role, Name, Length, Sha256) = (role, name, length, sha256);
    }

    /// <summary>Gets the role of the file.</summary>
    public DatasetFileRole Role { get; }

    /// <summary>Gets the name, both on the mirrors and in the folder.</summary>
    public string Name { get; }

    /// <summary>Gets the length of the decompressed content in bytes.</summary>
    public long Length { get; }

    /// <summary>Gets the SHA-256 of the decompressed content: 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    // Incompressible data grows: deflate's fixed code takes up to 9 bits per byte (RFC 1951, 3.2.6), and a header with
    // a name precedes it. A longer file cannot be a compressed form of this content.
    internal long MaxDownload => Length + (Length / 8) + 4096;

    // The name after gunzip, and the variant of it in some distributions of MNIST, which has a dot in place of the
    // second hyphen.
    private IEnumerable<string> Names
    {
        get
        {
            var isCompressed = Name.EndsWith(GzipExtension, StringComparison.OrdinalIgnoreCase);
            var plain = isCompressed ? Name[..^GzipExtension.Length] : Name;
            var dotted = plain.Replace("-idx", ".idx", StringComparison.Ordinal);
            return [Name, plain, dotted, plain + GzipExtension, dotted + GzipExtension];
        }
    }

    /// <summary>Returns whether a name is the name of the file or a usual variant of it.</summary>
    internal bool IsNamed(string name) => Names.Contains(name);

    /// <summary>
    /// Returns the path of the file in a folder, under its own name or a usual variant of it:
    /// <c>train-images-idx3-ubyte</c> and <c>train-images.idx3-ubyte</c> for <c>train-images-idx3-ubyte.gz</c>. Null
    /// if there is none.
    /// </summary>
    public string? FindIn(string folder) => Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
