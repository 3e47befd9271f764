namespace MnistLab.Studio.Security;

/// <summary>What pages and outputs may load and run: https://www.w3.org/TR/CSP3/.</summary>
internal static class ContentSecurityPolicy
{
    /// <summary>
    /// Of Studio's own pages: nothing but its own files. Components and the editor set styles inline; the editor's
    /// worker is a blob; the console shows the pages of online services on this machine.
    /// </summary>
    public const string OfPages =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        + "frame-src 'self' http://127.0.0.1:* http://localhost:*; "
        + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
}
