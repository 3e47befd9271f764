using MnistLab.Studio.Outputs;

namespace MnistLab.Studio.Tests.Outputs;

public sealed class SafeHtmlTests
{
    [Theory]
    [InlineData("<p style=\"color:#1a7f37;margin:0\">✓ fine</p>")]
    [InlineData("<table><tr><th scope=\"col\">a</th><td>1 &lt; 2</td></tr></table>")]
    [InlineData("<div><svg viewBox=\"0 0 10 10\"><polyline points=\"0,0 1,1\" fill=\"none\"/></svg><br><progress value=\"1\" max=\"2\"></progress></div>")]
    [InlineData("<img src=\"data:image/png;base64,iVBORw0KGgo=\" alt='a handwritten digit'>")]
    public void IsSafe_OfPlainElements_IsTrue(string html) => Assert.True(SafeHtml.IsSafe(html));

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<img src=\"https://attacker.example/x.png\">")]
    [InlineData("<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">")]
    [InlineData("<p onclick=\"alert(1)\">x</p>")]
    [InlineData("<p style=\"position:fixed;inset:0\">x</p>")]
    [InlineData("<p style=\"background:url(https://attacker.example)\">x</p>")]
    [InlineData("<p style=\"background:\\75rl(x)\">x</p>")]
    [InlineData("<p style=\"margin-top:-500px\">x</p>")]
    [InlineData("<p class=\"notice\">x</p>")]
    [InlineData("<p id=\"content\">x</p>")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>")]
    [InlineData("<form action=\"/\"><p>x</p></form>")]
    [InlineData("</div><p>x</p>")]
    [InlineData("<p>x")]
    [InlineData("<div/><p>x</p>")]
    [InlineData("<svg><foreignObject><p>x</p></foreignObject></svg>")]
    [InlineData("<svg><use href=\"#x\"/></svg>")]
    [InlineData("<style>p { color: red }</style>")]
    [InlineData("<iframe src=\"/\"></iframe>")]
    [InlineData("<!-- <p> -->")]
    [InlineData("a < b")]
    [InlineData("<p title=\"a\" \"b>x</p>")]
    [InlineData("<math><mtext><p>x</p></mtext></math>")]
    public void IsSafe_OfAnythingElse_IsFalse(string html) => Assert.False(SafeHtml.IsSafe(html));

    [Theory]
    [InlineData("<details><summary>Answer</summary>", "<details><summary>Answer</summary>")]
    [InlineData("a<!-- check: x == 1 -->b", "ab")]
    [InlineData("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>")]
    [InlineData("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)>")]
    [InlineData("<scr<script>ipt>", "&lt;scr&lt;script>ipt>")]
    [InlineData("<scr<!-- x -->ipt>", "&lt;script>")]
    [InlineData("</p>", "</p>")]
    public void Sanitize_KeepsSafeElements_AndShowsTheRestAsText(string html, string expected) =>
        Assert.Equal(expected, SafeHtml.Sanitize(html));

    [Theory]
    [InlineData("[x](2-train.ipynb)", "notebooks", "href=\"/notebook/notebooks/2-train.ipynb\"")]
    [InlineData("[x](README.md#commands)", "notebooks/zh", "href=\"/document/notebooks/zh/README.md#commands\"")]
    [InlineData("[x](../codes/train_mnist.cs)", "notebooks/zh", "href=\"/file/notebooks/codes/train_mnist.cs\"")]
    [InlineData("[x](https://example.com)", "", "href=\"https://example.com\" target=\"_blank\" rel=\"noopener noreferrer\"")]
    [InlineData("[x](javascript:alert(1))", "", "href=\"#\"")]
    [InlineData("![x](data:text/html,a)", "", "src=\"#\"")]
    [InlineData("[x](../../../../etc/passwd)", "notebooks", "href=\"/file/etc/passwd\"")]
    public void Markdown_Links_LeadToPagesOfStudioOrToTheWeb(string markdown, string folder, string expected) =>
        Assert.Contains(expected, MarkdownHtml.Render(markdown, folder), StringComparison.Ordinal);
}
