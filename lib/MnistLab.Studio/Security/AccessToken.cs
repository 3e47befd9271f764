using System.Security.Cryptography;
using System.Text;
using MnistLab.Hosting;

namespace MnistLab.Studio.Security;

/// <summary>
/// Represents the credentials of a browser: a random token in the printed address, new for each start, and the cookie
/// that it is exchanged for. The cookie survives a restart, so that open pages continue to work.
/// </summary>
internal sealed class AccessToken
{
    /// <summary>The query parameter that carries the token.</summary>
    public const string Parameter = "token";

    private const int KeyLength = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly byte[] _token;
    private readonly byte[] _key;

    private AccessToken(string token, byte[] key) => (Value, _token, _key) = (token, Encoding.ASCII.GetBytes(token), key);

    /// <summary>Gets the token.</summary>
    public string Value { get; }

    /// <summary>Gets the query string that authorizes a browser.</summary>
    public string Query => $"?{Parameter}={Value}";

    /// <summary>Gets the value of the cookie.</summary>
    public string Cookie => Derive("session");

    /// <summary>Creates a token, and reads or creates the key of the cookie.</summary>
    /// <param name="folder">The folder of the key, which only its owner can read.</param>
    public static AccessToken Create(string folder)
    {
        var file = Path.Combine(folder, "key");
        // A key that others can read, such as one that came with a clone, is not a secret.
        var isSecret = File.Exists(file) && (OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == OwnerOnly);
        var key = isSecret ? File.ReadAllBytes(file) : [];
        if (key.Length != KeyLength)
        {
            key = RandomNumberGenerator.GetBytes(KeyLength);
            Directory.CreateDirectory(folder);
            AtomicFile.Replace(file, stream => stream.Write(key), OwnerOnly);
        }

        return new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), key);
    }

    /// <summary>Returns whether a value is the token, in constant time.</summary>
    public bool IsToken(string? value) => AreEqual(value, _token);

    /// <summary>Returns whether a value is the value of the cookie, in constant time.</summary>
    public bool IsCookie(string? value) => AreEqual(value, Encoding.ASCII.GetBytes(Cookie));

    /// <summary>Derives an unguessable name for a purpose.</summary>
    public string Derive(string purpose) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(purpose)));

    private static bool AreEqual(string? value, byte[] expected) =>
        value is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), expected);
}
