using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace MnistLab.Storage;

/// <summary>
/// Represents the address of an object, of a prefix (a "folder", whose key ends with a slash), or of a bucket (whose
/// key is empty), as in <c>s3://bucket/key</c>.
/// </summary>
/// <remarks>
/// Keys have no empty, <c>.</c>, or <c>..</c> segments and no control characters: S3 allows such keys, but a folder
/// cannot hold them, and an address must mean the same in every store.
/// </remarks>
public sealed partial record ObjectUrl
{
    private const string Scheme = "s3://";
    private const int MaxKeyBytes = 1024;

    private ObjectUrl(string bucket, string key) => (Bucket, Key) = (bucket, key);

    /// <summary>
    /// Gets the name of the bucket: 3–63 lower-case letters, digits, dots, and hyphens, beginning and ending with a
    /// letter or digit.
    /// </summary>
    public string Bucket { get; }

    /// <summary>
    /// Gets the key within the bucket, without a leading slash; empty for the bucket itself. At most 1,024 bytes of
    /// UTF-8.
    /// </summary>
    public string Key { get; }

    /// <summary>Gets whether this is a bucket or a prefix rather than an object.</summary>
    public bool IsPrefix => Key.Length == 0 || Key.EndsWith('/');

    /// <summary>Gets the last segment of the key, without a slash; empty for a bucket.</summary>
    public string Name => Key.TrimEnd('/')[(Key.TrimEnd('/').LastIndexOf('/') + 1)..];

    /// <summary>Gets the prefix that directly contains this object or prefix; the bucket at the top level.</summary>
    public ObjectUrl Parent => new(Bucket, Key.TrimEnd('/')[..(Key.TrimEnd('/').LastIndexOf('/') + 1)]);

    /// <summary>Parses an address.</summary>
    /// <exception cref="FormatException">
    /// The text does not have the form <c>s3://bucket/key</c>; the message says why.
    /// </exception>
    public static ObjectUrl Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryRead(text, out var url, out var problem)
            ? url
            : throw new FormatException(
                $"'{text}' is not an object address: {problem}. Write it as s3://bucket/key, for example s3://modelarts-example/datasets/train.gz.");
    }

    /// <summary>Parses an address; returns false if the text is not a valid one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ObjectUrl? url)
    {
        url = null;
        return text is not null && TryRead(text, out url, out _);
    }

    /// <summary>
    /// Appends a relative key to this prefix: <c>bucket / "datasets/"</c>, <c>datasets / "train.gz"</c>.
    /// </summary>
    /// <exception cref="FormatException">The result is not a valid address.</exception>
    public static ObjectUrl operator /(ObjectUrl prefix, string relativeKey)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return Parse($"{prefix.AsPrefix()}{relativeKey}");
    }

    /// <summary>Returns this address as a prefix, with a trailing slash.</summary>
    public ObjectUrl AsPrefix() => IsPrefix ? this : new ObjectUrl(Bucket, Key + "/");

    /// <summary>
    /// Returns the key of <paramref name="descendant"/> relative to this prefix, such as
    /// <c>V0001/model/config.json</c>.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="descendant"/> does not lie below this prefix.</exception>
    public string RelativeKeyOf(ObjectUrl descendant)
    {
        ArgumentNullException.ThrowIfNull(descendant);
        var prefix = AsPrefix().Key;
        return descendant.Bucket == Bucket && descendant.Key.StartsWith(prefix, StringComparison.Ordinal)
            ? descendant.Key[prefix.Length..]
            : throw new ArgumentException($"{descendant} is not below {this}.", nameof(descendant));
    }

    /// <summary>Returns the address in the form that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Key.Length == 0 ? $"{Scheme}{Bucket}/" : $"{Scheme}{Bucket}/{Key}";

    private static bool TryRead(string text, [NotNullWhen(true)] out ObjectUrl? url, out string problem)
    {
        url = null;
        problem = "";
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            problem = $"it does not start with {Scheme}";
            return false;
        }

        var rest = text[Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        var key = slash < 0 ? "" : rest[(slash + 1)..];
        problem = ProblemOfBucket(bucket) ?? ProblemOfKey(key) ?? "";
        if (problem.Length > 0) return false;
        url = new ObjectUrl(bucket, key);
        return true;
    }

    private static string? ProblemOfBucket(string bucket) => bucket switch
    {
        "" => "the bucket is empty",
        _ when !BucketName().IsMatch(bucket) =>
            $"'{bucket}' is not a valid bucket name (3–63 lower-case letters, digits, dots, and hyphens)",
        _ when bucket.Contains("..", StringComparison.Ordinal) => $"'{bucket}' is not a valid bucket name (two dots in a row)",
        _ => null,
    };

    private static string? ProblemOfKey(string key)
    {
        if (key.Length == 0) return null;
        if (key.Any(char.IsControl)) return "the key contains a control character";
        if (key.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar)) return "the key is not valid Unicode";
        if (key.Contains('\\', StringComparison.Ordinal)) return "the key contains a backslash";
        if (System.Text.Encoding.UTF8.GetByteCount(key) > MaxKeyBytes) return $"the key is longer than {MaxKeyBytes} bytes";
        var segments = key.EndsWith('/') ? key[..^1].Split('/') : key.Split('/');
        return segments.FirstOrDefault(segment => segment is "" or "." or "..") is { } bad
            ? bad.Length == 0 ? "the key has an empty segment" : $"the key has the segment '{bad}'"
            : null;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketName();
}
