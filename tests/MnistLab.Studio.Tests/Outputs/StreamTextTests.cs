using MnistLab.Studio.Outputs;

namespace MnistLab.Studio.Tests.Outputs;

public sealed class StreamTextTests
{
    [Theory]
    [InlineData("a\nb", "a\nb")]
    [InlineData("10 %\r20 %", "20 %")]
    [InlineData("10 %\r20 %\n", "20 %\n")]
    [InlineData("line\r\nnext\r\n", "line\nnext\n")]
    [InlineData("waiting\r", "waiting")]
    [InlineData("abc\b\bd", "ad")]
    [InlineData("\b\n", "\n")]
    public void Append_OfControlCharacters_ShowsWhatATerminalShows(string text, string expected)
    {
        var whole = new StreamText();
        whole.Append(text);
        var pieces = new StreamText();
        foreach (var character in text) pieces.Append(character.ToString());

        Assert.Equal(expected, whole.ToString());
        Assert.Equal(expected, pieces.ToString());
    }

    [Theory]
    [InlineData("\u001b[31mred\u001b[0m plain", "<span class=\"ansi-1\">red</span> plain")]
    [InlineData("\u001b[1;92mx\u001b[22my\u001b[39m<", "<span class=\"ansi-bold ansi-10\">x</span><span class=\"ansi-10\">y</span>&lt;")]
    [InlineData("\u001b[38;2;1;2;255mx\u001b[m", "<span class=\"\" style=\"color:#0102ff;\">x</span>")]
    [InlineData("\u001b[38;5;196mx", "<span class=\"\" style=\"color:#ff0000;\">x</span>")]
    [InlineData("\u001b[2Ka\u001b]0;title\u0007b", "ab")]
    [InlineData("<script>", "&lt;script&gt;")]
    public void Ansi_BecomesClasses_AndTextIsEncoded(string text, string expected) => Assert.Equal(expected, new AnsiHtml().Render(text));
}
