using System.Buffers;
using MnistLab.Hosting;

namespace MnistLab.Data.Datasets;

/// <summary>One of the four files of a dataset, and how to tell that it is the right one.</summary>
public sealed record DatasetFile
{
    private const string GzipExtension = ".gz";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/\\:*?\"<>|%#");

    /// <summary>Describes a file.</summary>
    /// <param name="role">What it is for.</param>
    /// <param name="name">Its name, on the mirrors as in the folder, such as <c>train-images-idx3-ubyte.gz</c>.</param>
    /// <param name="length">The length of its content in bytes, decompressed; at least 1.</param>
    /// <param name="sha256">The SHA-256 of its content, decompressed: 64 hexadecimal digits. The same data can be compressed in many ways, and mirrors do.</param>
    /// <exception cref="ArgumentException">The name is no plain file name, or the hash no SHA-256.</exception>
    public DatasetFile(DatasetFileRole role, string name, long length, string sha256)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(sha256);
        NumberRange.RequireAtLeast(length, 1);
        if (name.StartsWith('.') || name.AsSpan().ContainsAny(NotInNames) || name.Any(char.IsControl))
            throw new ArgumentException($"'{name}' is no plain file name.", nameof(name));
        sha256 = sha256.ToLowerInvariant();
        if (sha256.Length != 64 || sha256.AsSpan().ContainsAnyExcept(HexDigits))
            throw new ArgumentException($"'{sha256}' is no SHA-256: that has 64 hexadecimal digits.", nameof(sha256));

        (Role, Name, Length, Sha256) = (role, name, length, sha256);
    }

    /// <summary>What it is for.</summary>
    public DatasetFileRole Role { get; }

    /// <summary>Its name, on the mirrors as in the folder.</summary>
    public string Name { get; }

    /// <summary>The length of its content in bytes, decompressed.</summary>
    public long Length { get; }

    /// <summary>The SHA-256 of its content, decompressed: 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    // Data that does not compress grows: deflate's fixed code takes up to 9 bits for a byte (RFC 1951, 3.2.6), and a
    // header with a name comes before it. What is longer cannot be a compression of the file.
    internal long MaxDownload => Length + (Length / 8) + 4096;

    // As gunzip leaves it, and with the dot that some packages of MNIST have instead of the second hyphen.
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

    /// <summary>Returns whether a name is that of the file, or a usual variant of it.</summary>
    internal bool IsNamed(string name) => Names.Contains(name);

    /// <summary>
    /// Returns the path of the file in a folder, under its own name or a usual variant of it:
    /// <c>train-images-idx3-ubyte</c> and <c>train-images.idx3-ubyte</c> for <c>train-images-idx3-ubyte.gz</c>. Null
    /// if there is none.
    /// </summary>
    public string? FindIn(string folder) => Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
