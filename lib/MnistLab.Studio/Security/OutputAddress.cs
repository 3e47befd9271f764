using System.Security.Cryptography;
using System.Text;

namespace MnistLab.Studio.Security;

/// <summary>
/// Defines the addresses of frames for outputs, and of what they load. Pages are at <c>127.0.0.1</c>, outputs at
/// <c>localhost</c>: the same server, but for a browser a different origin, which has neither access to the pages nor
/// their cookie.
/// </summary>
internal static class OutputAddress
{
    /// <summary>The host of pages.</summary>
    public const string PageHost = "127.0.0.1";

    /// <summary>The host of outputs.</summary>
    public const string OutputHost = "localhost";

    /// <summary>Gets the prefix of the addresses of outputs.</summary>
    public static PathString Prefix { get; } = "/outputs";

    /// <summary>Returns the secret part of the addresses of outputs.</summary>
    public static string KeyOf(AccessToken token) => token.Derive("outputs");

    /// <summary>Returns whether a key is the secret part of the addresses, in constant time.</summary>
    public static bool IsKey(AccessToken token, string key) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(KeyOf(token)));
}
