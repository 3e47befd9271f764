namespace MnistLab.Studio.Security;

/// <summary>Contains the page that a browser without a token receives.</summary>
internal static class AskingPage
{
    public const string Html = """
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>MnistLab Studio</title>
        <style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem }
        @media (prefers-color-scheme: dark) { body { background: #14171c; color: #e4e7ec } }</style>
        <h1>MnistLab Studio</h1>
        <p>This page needs the token that <code>open</code> has printed in the terminal.
        Open the whole address from there, from <code>http://</code> to the end of the token.</p>
        <p lang="zh">此页面需要 <code>open</code> 在终端中打印的令牌。请打开那里的完整地址，从 <code>http://</code> 到令牌末尾。</p>
        </html>
        """;
}
