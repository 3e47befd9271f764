namespace MnistLab.Studio.Security;

/// <summary>Defines the content security policy of Studio's pages: https://www.w3.org/TR/CSP3/.</summary>
internal static class ContentSecurityPolicy
{
    /// <summary>
    /// The policy of Studio's own pages: only Studio's own files, with these exceptions. Components and the editor set
    /// inline styles; the worker of the editor is a blob; the console embeds the pages of online services on this
    /// machine.
    /// </summary>
    public const string OfPages =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        + "frame-src 'self' http://127.0.0.1:* http://localhost:*; "
        + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
}
