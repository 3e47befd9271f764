using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Tests;

public sealed class DisplayTests
{
    [Fact]
    public async Task Cell_WritesAndDisplays_OutputsKeepTheirOrder()
    {
        using var session = new Session();
        await session.RunAsync(
            "Console.Write(\"a\"); Console.WriteLine(1); Console.Error.WriteLine(\"e\"); display(\"shown\"); Console.WriteLine(\"b\");");
        Assert.Collection(
            session.Outputs,
            output => Assert.Equal(new StreamOutput(StreamName.Stdout, "a1\n"), output),
            output => Assert.Equal(new StreamOutput(StreamName.Stderr, "e\n"), output),
            output => Assert.Equal(MimeBundle.From("text/plain", "shown"), Assert.IsType<DisplayOutput>(output).Data),
            output => Assert.Equal(new StreamOutput(StreamName.Stdout, "b\n"), output));
    }

    [Theory]
    [InlineData("HTML(\"<b>x</b>\").Display();", "text/html", "<b>x</b>")]
    [InlineData("display(HTML(\"<b>x</b>\"));", "text/html", "<b>x</b>")]
    [InlineData("\"<b>x</b>\".DisplayAs(\"text/html\");", "text/html", "<b>x</b>")]
    [InlineData("\"# x\".DisplayAs(\"text/markdown\");", "text/markdown", "# x")]
    [InlineData("42.Display();", "text/plain", "42")]
    [InlineData("System.DayOfWeek.Monday.Display();", "text/plain", "Monday")]
    [InlineData("using Microsoft.DotNet.Interactive;\nKernelInvocationContext.Current.Display(HTML(\"v\"), \"text/html\");", "text/html", "v")]
    public async Task Display_OfOneForm_ShowsJustThat(string code, string mimeType, string text)
    {
        using var session = new Session();
        await session.RunAsync(code);
        Assert.Equal(MimeBundle.From(mimeType, text), Assert.IsType<DisplayOutput>(Assert.Single(session.Outputs)).Data);
    }

    [Fact]
    public async Task Value_OfATypeOfItsOwn_ComesAsHtmlAndAsText()
    {
        using var session = new Session();
        var value = (await session.TryAsync("new { Digit = 7 }")).Value!;
        Assert.Equal(["text/html", "text/plain"], value.MimeTypes.Order());
    }

    [Fact]
    public async Task Update_FromALaterCell_ReplacesWhatWasShown()
    {
        using var session = new Session();
        await session.RunAsync("var shown = display(\"first\"); Console.WriteLine(\"after\");");
        await session.RunAsync("shown.Update(\"second\");");
        Assert.Equal(2, session.Outputs.Count);
        Assert.Equal(MimeBundle.From("text/plain", "second"), Assert.IsType<DisplayOutput>(session.Outputs[0]).Data);
    }

    [Fact]
    public async Task Cell_EndsWithADisplay_ShowsTheValueOnce()
    {
        using var session = new Session();
        Assert.Null((await session.TryAsync("display(1)")).Value);
        Assert.Single(session.Outputs);
    }

    [Fact]
    public async Task Console_WrittenToFromThreadsOfTheCell_IsCapturedWhole()
    {
        using var session = new Session();
        await session.RunAsync("Parallel.For(0, 1000, i => Console.WriteLine(\"line\"));");
        Assert.Equal(string.Concat(Enumerable.Repeat("line\n", 1000)), Assert.IsType<StreamOutput>(Assert.Single(session.Outputs)).Text);
    }

    [Fact]
    public async Task Sessions_RunSideBySide_EachGetsItsOwnOutput()
    {
        using var one = new Session();
        using var other = new Session();
        await Task.WhenAll(
            one.RunAsync("for (var i = 0; i < 100; i++) { Console.Write(1); await Task.Yield(); }"),
            other.RunAsync("for (var i = 0; i < 100; i++) { Console.Write(2); await Task.Yield(); }"));
        Assert.Equal([new StreamOutput(StreamName.Stdout, new('1', 100))], one.Outputs);
        Assert.Equal([new StreamOutput(StreamName.Stdout, new('2', 100))], other.Outputs);
    }

    [Fact]
    public async Task ClearOutput_AtOnceOrLater_RemovesWhatTheCellHasShown()
    {
        using var session = new Session();
        await session.RunAsync("Console.Write(\"a\"); ClearOutput(); Console.Write(\"b\"); ClearOutput(wait: true);");
        Assert.Equal([new StreamOutput(StreamName.Stdout, "b")], session.Outputs);
        await session.RunAsync("ClearOutput(wait: true); Console.Write(\"c\");");
        Assert.Equal([new StreamOutput(StreamName.Stdout, "c")], session.Outputs);
    }
}
