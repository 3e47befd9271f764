using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Interactive;
using MnistLab.Kernel.Sessions;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

/// <summary>
/// Compares the events of commands with those that the .NET Interactive tool publishes for the same commands.
/// </summary>
public sealed class KernelEventTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private readonly List<string> _differences = [];
    private DotNetInteractiveProcess? _tool;

    public async ValueTask InitializeAsync() =>
        _tool = await DotNetInteractiveProcess.StartAsync(InstalledProgram.Require(DotNetInteractive.Program), _session.Folder.Path);

    public ValueTask DisposeAsync()
    {
        _tool?.Dispose();
        _session.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Code_WhateverItDoes_PublishesTheSameEventsInTheSameOrder()
    {
        foreach (var code in new[]
                 {
                     "var digit = 7;",
                     "digit + 1",
                     "Console.Write(\"text\"); Console.Error.Write(\"error\"); display(digit); Console.Write(\"more\"); digit",
                     "int unused = missing;",
                     "throw new InvalidOperationException(\"on purpose\");",
                     "int Twice(int number) {",
                     "using System.IO;",
                     "",
                     "// a comment",
                     "string text = null; Task.Run(() => { }).ContinueWith(_ => { }); digit",
                     "#!share --from csharp digit --as copied",
                     "await Kernel.Root.SendAsync(new Microsoft.DotNet.Interactive.Commands.SubmitCode(\"var inner = 1; inner\")); 2",
                 })
            await CompareAsync(new SubmitCode(code), new() { ["code"] = code });
        AssertSame();
    }

    [Fact]
    public async Task Commands_OfAnEditor_PublishTheSameEvents()
    {
        await CompareAsync(new SubmitCode("var digit = 7;"), new() { ["code"] = "var digit = 7;" });
        await CompareAsync(new RequestCompletions("dig", new(0, 3)), At("dig", 3));
        await CompareAsync(new RequestHoverText("digit", new(0, 2)), At("digit", 2));
        await CompareAsync(new RequestHoverText("  ", new(0, 1)), At("  ", 1));
        await CompareAsync(new RequestSignatureHelp("string.Join(", new(0, 12)), At("string.Join(", 12));
        await CompareAsync(new RequestSignatureHelp("1 + 1", new(0, 3)), At("1 + 1", 3));
        foreach (var code in new[] { "int x = missing;", "var fine = 1;" })
            await CompareAsync(new RequestDiagnostics(code), new() { ["code"] = code });
        AssertSame();

        static JsonObject At(string code, int character) => new()
        {
            ["code"] = code,
            ["linePosition"] = new JsonObject { ["line"] = 0, ["character"] = character },
        };
    }

    [Fact]
    public async Task Commands_AboutValues_PublishTheSameEvents()
    {
        await CompareAsync(new SubmitCode("var digit = 7;"), new() { ["code"] = "var digit = 7;" });
        await CompareAsync(new RequestValue("digit"), new() { ["name"] = "digit", ["mimeType"] = "text/plain" });
        await CompareAsync(new RequestValue("missing"), new() { ["name"] = "missing", ["mimeType"] = "text/plain" });
        await CompareAsync(new RequestValueInfos(), new() { ["mimeType"] = "text/plain+summary" });
        await CompareAsync(
            new SendValue("sent", null, new FormattedValue("text/plain", "seven")),
            new() { ["name"] = "sent", ["formattedValue"] = new JsonObject { ["mimeType"] = "text/plain", ["value"] = "seven" } });
        await CompareAsync(
            new SendValue("not a name", null, new FormattedValue("text/plain", "seven")),
            new() { ["name"] = "not a name", ["formattedValue"] = new JsonObject { ["mimeType"] = "text/plain", ["value"] = "seven" } });
        await CompareAsync(new RequestValue("sent"), new() { ["name"] = "sent", ["mimeType"] = "text/plain" });
        await CompareAsync(new RequestKernelInfo(), []);
        await CompareAsync(new Cancel(), []);
        AssertSame();
    }

    private void AssertSame() => Assert.True(_differences.Count == 0, string.Join('\n', _differences));

    private async Task CompareAsync(KernelCommand command, JsonObject asJson)
    {
        var kernel = _session.Root.ChildKernels.Single(kernel => kernel.Name == ScriptKernel.CSharp);
        var ours = (await kernel.SendAsync(command, TestContext.Current.CancellationToken)).Events.Select(Describe);
        var theirs = (await _tool!.SendAsync(command.GetType().Name, asJson)).Select(Describe);
        var (expected, actual) = (string.Join("; ", Joined(theirs)), string.Join("; ", Joined(ours)));
        if (expected != actual)
            _differences.Add($"{command.GetType().Name} {asJson.ToJsonString()}\n  the tool: {expected}\n  here:     {actual}");
    }

    // Text may be published in any number of pieces.
    private static IEnumerable<string> Joined(IEnumerable<(string Name, string Text)> events)
    {
        (string Name, string Text)? last = null;
        foreach (var published in events)
        {
            if (last?.Name == published.Name && published.Name.StartsWith("Standard", StringComparison.Ordinal))
            {
                last = (published.Name, last.Value.Text + published.Text);
                continue;
            }

            if (last is { } before) yield return $"{before.Name} {before.Text}";
            last = published;
        }

        if (last is { } end) yield return $"{end.Name} {end.Text}";
    }

    private static (string Name, string Text) Describe(KernelEvent published)
    {
        var type = published.GetType();
        while (type.Assembly == typeof(ScriptSession).Assembly) type = type.BaseType!;
        return (type.Name, published switch
        {
            StandardOutputValueProduced or StandardErrorValueProduced => ((DisplayEvent)published).FormattedValues.Single().Value,
            DiagnosticsProduced found => Codes(found.Diagnostics
                .Where(item => item.Severity >= Microsoft.CodeAnalysis.DiagnosticSeverity.Warning)
                .Select(item => $"{item.Code} {item.LinePositionSpan}")),
            _ => "",
        });
    }

    private static (string Name, string Text) Describe(JsonNode published)
    {
        var (name, content) = ((string)published["eventType"]!, published["event"]!);
        return (name, name switch
        {
            nameof(StandardOutputValueProduced) or nameof(StandardErrorValueProduced) => (string)content["formattedValues"]![0]!["value"]!,
            nameof(DiagnosticsProduced) => Codes(content["diagnostics"]!.AsArray()
                .Where(item => (string)item!["severity"]! is "warning" or "error")
                .Select(item => $"{item!["code"]} {Span(item["linePositionSpan"]!)}")),
            _ => "",
        });
    }

    private static string Span(JsonNode span) =>
        new Microsoft.DotNet.Interactive.LinePositionSpan(Position(span["start"]!), Position(span["end"]!)).ToString();

    private static Microsoft.DotNet.Interactive.LinePosition Position(JsonNode place) => new((int)place["line"]!, (int)place["character"]!);

    private static string Codes(IEnumerable<string> found) => string.Join(", ", found.Order(StringComparer.Ordinal));
}
