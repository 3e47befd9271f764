using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Tests;

public sealed class ScriptKernelTests
{
    private const string Usings = """
        using Microsoft.DotNet.Interactive;
        using Microsoft.DotNet.Interactive.Commands;
        using Microsoft.DotNet.Interactive.Events;

        """;

    [Fact]
    public async Task Code_SentToTheCurrentKernel_DisplaysItsValueAndDeclaresItsVariables()
    {
        using var session = new Session();
        await session.RunAsync(Usings + """
            var result = await Kernel.Root.SendAsync(new SubmitCode("var answer = 6 * 7; answer"));
            Console.Write(result.Events.OfType<ReturnValueProduced>().Single().Value);
            """);
        Assert.Equal(MimeBundle.From("text/plain", "42"), Assert.IsType<DisplayOutput>(session.Outputs[0]).Data);
        Assert.Equal(new StreamOutput(StreamName.Stdout, "42"), session.Outputs[1]);
        Assert.Equal("42", await session.RunAsync("answer"));
    }

    [Fact]
    public async Task Code_SentThatDoesNotCompile_FailsWithTheCompilersMessage()
    {
        using var session = new Session();
        await session.RunAsync(Usings + """
            var result = await Kernel.Current.SendAsync(new SubmitCode("int x = y;"));
            Console.Write(result.Events.OfType<CommandFailed>().Single().Message);
            """);
        Assert.Contains("CS0103", Assert.IsType<StreamOutput>(session.Outputs[^1]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_RequestedByName_AreThoseOfTheCells()
    {
        using var session = new Session();
        await session.RunAsync("var digit = 7; var name = \"seven\";");
        await session.RunAsync(Usings + """
            var infos = await Kernel.Root.SendAsync(new RequestValueInfos());
            Console.WriteLine(string.Join(" ", infos.Events.OfType<ValueInfosProduced>().Single().ValueInfos.Select(info => info.Name)));
            var value = await Kernel.Root.SendAsync(new RequestValue("digit"));
            Console.Write(value.Events.OfType<ValueProduced>().Single().Value);
            """);
        Assert.Equal("digit name\n7", Text(session));
        await session.RunAsync(
            Usings
                + "Console.Write((await Kernel.Root.SendAsync(new RequestValue(\"none\"))).Events.OfType<CommandFailed>().Single().Message);");
        Assert.Contains("no variable 'none'", Text(session), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("new List<int> { 1, 2 }", "sent.Sum()", "3")]
    [InlineData("new Dictionary<string, int[][,]> { [\"a\"] = [] }", "sent[\"a\"].Length", "0")]
    [InlineData("(1, \"b\")", "sent.Item2", "b")]
    [InlineData("new { A = 1 }", "sent.GetType().Name.Contains(\"Anonymous\")", "True")]
    [InlineData("new Own { Digit = 4 }", "sent.Digit", "4")]
    [InlineData("null", "sent is null", "True")]
    public async Task Value_SentToTheKernel_IsAVariableOfItsType(string value, string use, string text)
    {
        using var session = new Session();
        await session.RunAsync("public class Own { public int Digit; }");
        await session.RunAsync(Usings + $$"""
            object value = {{value}};
            var result = await Kernel.Root.SendAsync(new SendValue("sent", value, value is null ? null : new("text/plain", "as text")));
            if (result.Events.OfType<CommandFailed>().SingleOrDefault() is { } failed) throw new Exception(failed.Message);
            """);
        Assert.Equal(text, await session.RunAsync(use));
    }

    [Fact]
    public async Task EditorCommands_AboutWhatCellsDefined_AreAnswered()
    {
        using var session = new Session();
        await session.RunAsync("/// <summary>Doubles.</summary>\nint Twice(int number) => 2 * number;");
        var completions = await SendAsync(new RequestCompletions("Twi", new(0, 3)));
        Assert.Contains(completions.OfType<CompletionsProduced>().Single().Completions, item => item.DisplayText == "Twice");
        var hover = await SendAsync(new RequestHoverText("Twice(1)", new(0, 2)));
        Assert.Contains(
            "int Twice(int number)",
            hover.OfType<HoverTextProduced>().Single().Content.First().Value,
            StringComparison.Ordinal);
        var help = (await SendAsync(new RequestSignatureHelp("string.Join(\",\", x)", new(0, 16))))
            .OfType<SignatureHelpProduced>()
            .Single();
        Assert.True(help.Signatures.Count > 3);
        Assert.Equal(1, help.ActiveParameterIndex);
        Assert.Contains("separator", help.Signatures[0].Parameters[0].Label, StringComparison.Ordinal);
        var diagnostics = await SendAsync(new RequestDiagnostics("int x = missing;"));
        Assert.Equal("CS0103", Assert.Single(diagnostics.OfType<DiagnosticsProduced>().Single().Diagnostics).Code);

        async Task<IEnumerable<KernelEvent>> SendAsync(KernelCommand command) =>
            (await session.Root.SendAsync(command, TestContext.Current.CancellationToken)).Events;
    }

    [Fact]
    public async Task Display_WhateverReturnedIt_IsUpdatedInItsPlace()
    {
        using var session = new Session();
        await session.RunAsync(Usings + """
            var direct = display("a");
            var extended = "b".Display();
            var raw = "<i>c</i>".DisplayAs("text/html");
            Microsoft.DotNet.Interactive.Formatting.DisplayedValue asDeclared = display("d");
            var ofContext = KernelInvocationContext.Current.Display("e");
            """);
        await session.RunAsync(
            "direct.Update(\"A\"); extended.Update(\"B\"); raw.Update(HTML(\"<i>C</i>\")); asDeclared.Update(\"D\"); ofContext.Update(\"E\");");
        Assert.Equal(
            ["A", "B", "<i>C</i>", "D", "E"],
            session.Outputs.Select(output => (string)Assert.Single(Assert.IsType<DisplayOutput>(output).Data).Value!));
    }

    private static string Text(Session session) => Assert.IsType<StreamOutput>(session.Outputs[^1]).Text;
}
