using System.Security.Cryptography;
using System.Text;

namespace MnistLab.Studio.Security;

/// <summary>
/// The addresses of what outputs of notebooks are shown in and load. Pages are at <c>127.0.0.1</c>, outputs at
/// <c>localhost</c>: the same server, but for a browser another origin, which has no access to pages and no cookie.
/// </summary>
internal static class OutputAddress
{
    /// <summary>The host of pages.</summary>
    public const string PageHost = "127.0.0.1";

    /// <summary>The host of outputs.</summary>
    public const string OutputHost = "localhost";

    /// <summary>What they all begin with.</summary>
    public static PathString Prefix { get; } = "/outputs";

    /// <summary>Returns the unguessable part of them.</summary>
    public static string KeyOf(AccessToken token) => token.Derive("outputs");

    /// <summary>Returns whether this is the unguessable part.</summary>
    public static bool IsKey(AccessToken token, string key) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(KeyOf(token)));
}
