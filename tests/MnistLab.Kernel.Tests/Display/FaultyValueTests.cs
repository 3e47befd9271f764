using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Documents;
using Newtonsoft.Json.Linq;

namespace MnistLab.Kernel.Tests;

/// <summary>Tests values whose own code fails, and values without the usual text.</summary>
public sealed class FaultyValueTests
{
    [Fact]
    public void Of_ValuesOfNewtonsoftJson_IsTheirJson()
    {
        Assert.Equal("{\n  \"a\": [\n    1,\n    \"x\"\n  ]\n}", Text(JObject.Parse("""{"a":[1,"x"]}""")).ReplaceLineEndings("\n"));
        Assert.Equal("1.5", Text(new JValue(1.5)));
        Assert.Equal("[ 1, x ]", Text(new List<JToken> { new JValue(1), new JValue("x") }));
        Assert.Equal("[]", Text(new JArray()));
    }

    [Fact]
    public void Of_AMemberThatFails_ShowsTheOthers()
    {
        var text = Text(new { Works = 1, Fails = new ThrowingText(), Last = 3 });
        Assert.Contains("Works  1", text, StringComparison.Ordinal);
        Assert.Contains("(InvalidOperationException: no text)", text, StringComparison.Ordinal);
        Assert.Contains("Last   3", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Of_ASequenceWithAnItemThatFails_ShowsWhatCameBefore(int works)
    {
        var forms = MimeBundleFormatter.Format(Items(works));
        Assert.Contains("(DivideByZeroException: ", forms["text/plain"]!.GetValue<string>(), StringComparison.Ordinal);
        if (works > 0) Assert.Contains("<td>1</td><td>1</td>", forms["text/html"]!.GetValue<string>(), StringComparison.Ordinal);

        static IEnumerable<int> Items(int works)
        {
            for (var i = 0; i < works; i++) yield return i;
            throw new DivideByZeroException();
        }
    }

    [Fact]
    public void Of_AnArrayThatWasNeverMade_SaysSoInItsPlace()
    {
        Assert.Contains("ImmutableArray", Text(default(ImmutableArray<int>)), StringComparison.Ordinal);
        var text = Text(new { Before = 1, Never = default(ImmutableArray<int>), After = 2 });
        Assert.Matches("Before  1\nNever   .*ImmutableArray.*\nAfter   2", text);
    }

    [Fact]
    public void Of_ItemsThatFailEachInItsOwnWay_IsATableOfTheRest()
    {
        var text = Text(new object?[] { new ThrowingText(), new ThrowingItems(), 7 });
        Assert.Contains("(InvalidOperationException: no text)", text, StringComparison.Ordinal);
        Assert.Contains("(InvalidOperationException: no items)", text, StringComparison.Ordinal);
        Assert.Contains("7", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AMemberWhoseFormatterFails_ShowsTheOthers()
    {
        Formatter.Register<ThrowingFormatter>((_, _) => throw new InvalidOperationException("no format"), "text/html");
        Assert.Contains(
            "<td>(InvalidOperationException: no format)</td>",
            Html(new { Shy = new ThrowingFormatter(), Open = 1 }),
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => MimeBundleFormatter.Format(new ThrowingFormatter(), "text/html"));
    }

    [Fact]
    public async Task Whos_WithVariablesThatFail_ListsAll()
    {
        using var session = new Session();
        await session.RunAsync("""
            using System.Collections.Immutable;
            class Bad { public int Good => 1; public int Worse => throw new InvalidOperationException("on purpose"); }
            var bad = new Bad(); var never = default(ImmutableArray<int>); var lazy = new[] { 0 }.Select(x => 1 / x); var fine = 42;
            """);
        await session.RunAsync("#!whos");
        var shown = Assert.IsType<DisplayOutput>(session.Outputs[^1]).Data["text/plain"]!.GetValue<string>();
        Assert.Contains("on purpose", shown, StringComparison.Ordinal);
        Assert.Contains("DivideByZeroException", shown, StringComparison.Ordinal);
        Assert.Matches(@"fine\s+System\.Int32\s+42", shown);
    }

    [Theory]
    [InlineData("display(\"**b**\", \"text/markdown\");", "text/markdown", "**b**")]
    [InlineData("\"**b**\".Display(\"text/markdown\");", "text/markdown", "**b**")]
    [InlineData("display(\"<svg/>\", \"image/svg+xml\");", "image/svg+xml", "<svg/>")]
    [InlineData("display(42, \"text/markdown\");", "text/markdown", "42")]
    public async Task Display_AsAFormWithoutFormatter_IsTheText(string code, string mimeType, string text)
    {
        using var session = new Session();
        await session.RunAsync(code);
        Assert.Equal(MimeBundle.From(mimeType, text), Assert.IsType<DisplayOutput>(Assert.Single(session.Outputs)).Data);
    }

    [Fact]
    public async Task Display_AsAPictureThatNothingMakes_SaysWhatIsMissing()
    {
        using var session = new Session();
        var error = (await session.TryAsync("display(42, \"image/png\");")).Error!;
        Assert.Contains("int", error.Message, StringComparison.Ordinal);
        Assert.Contains("image/png", error.Message, StringComparison.Ordinal);
        Assert.Contains("Formatter.Register", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Times_EndWithZOnlyIfTheyAreUniversal()
    {
        var time = new DateTime(2026, 1, 2, 3, 4, 5);
        Assert.Equal("2026-01-02 03:04:05", Text(time));
        Assert.Equal("2026-01-02 03:04:05Z", Text(DateTime.SpecifyKind(time, DateTimeKind.Utc)));
        var local = DateTime.SpecifyKind(time, DateTimeKind.Local);
        Assert.Equal(local.ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture), Text(local));
    }

    [Fact]
    public void Of_ASequenceToAwait_SaysHowToEnumerateIt()
    {
        Assert.Equal("IAsyncEnumerable<int>: write await foreach to enumerate it", Text(CountAsync()));

        static async IAsyncEnumerable<int> CountAsync()
        {
            await Task.Yield();
            yield return 1;
        }
    }

    [Fact]
    public async Task Exception_WithoutText_IsNamedByItsType()
    {
        using var session = new Session();
        await session.RunAsync(
            "class Silent : Exception { public override string Message => null; public override string ToString() => null; }");
        Assert.Contains("Silent", await session.RunAsync("new Silent()"), StringComparison.Ordinal);
        var error = (await session.TryAsync("throw new Silent();")).Error!;
        Assert.Contains("Silent", error.Traceback[0], StringComparison.Ordinal);
        Assert.Equal("1", await session.RunAsync("1"));
    }

    private static string Html(object value) => MimeBundleFormatter.Format(value)["text/html"]!.GetValue<string>();

    private static string Text(object value) => MimeBundleFormatter.Format(value)["text/plain"]!.GetValue<string>();

    private sealed class ThrowingText
    {
        public override string ToString() => throw new InvalidOperationException("no text");
    }

    private sealed class ThrowingItems : IEnumerable
    {
        public IEnumerator GetEnumerator() => throw new InvalidOperationException("no items");
    }

    private sealed class ThrowingFormatter;
}
