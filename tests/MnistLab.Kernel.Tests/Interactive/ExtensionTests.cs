using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Tests;

/// <summary>Tests notebook extensions in packages from a folder and in libraries.</summary>
public sealed class ExtensionTests : IDisposable
{
    private const string Usings = """
        using System;
        using System.Threading.Tasks;
        using Microsoft.DotNet.Interactive;
        using Microsoft.DotNet.Interactive.Commands;
        using Microsoft.DotNet.Interactive.Directives;
        using Microsoft.DotNet.Interactive.Formatting;

        """;

    private readonly string _name = $"Package{Guid.NewGuid():N}";
    private readonly Session _session = new();
    private readonly PackageFeed _feed;

    public ExtensionTests() => _feed = new(_session.Folder.Path);

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Extension_OfAPackage_IsLoadedOnceBeforeTheCellRuns()
    {
        Add(ExtensionOf("Console.WriteLine(\"loaded\"); Formatter.Register<System.Text.Rune>(rune => \"a rune\", \"text/html\");"));
        await _session.RunAsync($"#r \"nuget: {_name}, 1.0.0\"\nConsole.WriteLine(\"cell\");");
        await _session.RunAsync($"#r \"nuget: {_name}, 1.0.0\"\nConsole.WriteLine(\"again\");");
        Assert.Equal("loaded\ncell\nagain\n", Text(StreamName.Stdout));
        var shown = (await _session.TryAsync("new System.Text.Rune('x')")).Value!;
        Assert.Equal("a rune", shown["text/html"]!.GetValue<string>());
    }

    [Fact]
    public async Task Extension_ThatThrows_SaysWhyAndThePackageIsUsedAllTheSame()
    {
        Add(ExtensionOf("throw new InvalidOperationException(\"on purpose\");"));
        Assert.Equal("7", await _session.RunAsync($"#r \"nuget: {_name}, 1.0.0\"\n{_name}.Number"));
        Assert.Contains("cannot be loaded: on purpose", Text(StreamName.Stderr), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extension_ThatNeedsAMissingAssembly_NamesIt()
    {
        var missing = PackageFeed.Compile($"{_name}.Missing", $"public class {_name}Missing {{ }}", []);
        Add(PackageFeed.Compile(
            $"{_name}.Extension",
            Usings
                + $"public sealed class Extension : {_name}Missing, IKernelExtension {{ public Task OnLoadAsync(Kernel kernel) => Task.CompletedTask; }}",
            [($"{_name}.Missing", missing)]));
        Assert.Equal("7", await _session.RunAsync($"#r \"nuget: {_name}, 1.0.0\"\n{_name}.Number"));
        Assert.Contains($"{_name}.Missing", Text(StreamName.Stderr), StringComparison.Ordinal);
        Assert.Contains("cannot be loaded", Text(StreamName.Stderr), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var ofScript = 40;", "")]
    [InlineData("var ofScript = 40; throw new Exception(\"on purpose\");", "on purpose")]
    [InlineData("#!mistyped", "#!mistyped")]
    public async Task Script_OfAPackage_IsRun(string script, string problem)
    {
        _feed.Add(
            _name,
            "1.0.0",
            "",
            others: ("interactive-extensions/dotnet/extension.dib", System.Text.Encoding.UTF8.GetBytes("#!csharp\n" + script)));
        await _session.RunAsync($"#r \"nuget: {_name}, 1.0.0\"\n1");
        Assert.Contains(problem, Text(StreamName.Stderr), StringComparison.Ordinal);
        if (problem.Length == 0) Assert.Equal("42", await _session.RunAsync("ofScript + 2"));
    }

    [Fact]
    public async Task Extension_InALibraryThatACellNames_IsLoadedBeforeItsTypesAreUsed()
    {
        await File.WriteAllBytesAsync(
            _session.Folder[$"{_name}.dll"],
            PackageFeed.Compile(_name, Usings + $$"""
                public class {{_name}} { }
                public sealed class Extension : IKernelExtension
                {
                    public Task OnLoadAsync(Kernel kernel)
                    {
                        Formatter.Register<{{_name}}>(value => "<b>mine</b>", "text/html");
                        return Task.CompletedTask;
                    }
                }
                """, []),
            TestContext.Current.CancellationToken);
        var shown = await _session.TryAsync($"#r \"{_name}.dll\"\nnew {_name}()");
        Assert.Equal("<b>mine</b>", shown.Value!["text/html"]!.GetValue<string>());
    }

    [Fact]
    public async Task TypeFormatterSource_OfAPackagesType_FormatsItsValues()
    {
        _feed.Add(_name, "1.0.0", Usings + $$"""
            [TypeFormatterSource(typeof(Source))]
            public class {{_name}} { }
            public sealed class Source : ITypeFormatterSource
            {
                public System.Collections.Generic.IEnumerable<ITypeFormatter> CreateTypeFormatters()
                {
                    yield return new HtmlFormatter<{{_name}}>((value, context) => context.Writer.Write("<i>source</i>"));
                }
            }
            """);
        var shown = await _session.TryAsync($"#r \"nuget: {_name}, 1.0.0\"\nnew {_name}()");
        Assert.Equal("<i>source</i>", shown.Value!["text/html"]!.GetValue<string>());
    }

    [Fact]
    public async Task Directives_ThatAnExtensionRegisters_AreFollowedAndListed()
    {
        Add(ExtensionOf(
            """
            kernel.AddDirective(new KernelActionDirective("#!greet") { Description = "Greets." }, (command, context) =>
            {
                context.DisplayAs("hello", "text/plain");
                return Task.CompletedTask;
            });
            ((CompositeKernel)kernel).Add(new Echo());
            """,
            """
            public sealed class Echo() : Kernel("echo"), IKernelCommandHandler<SubmitCode>
            {
                public Task HandleAsync(SubmitCode command, KernelInvocationContext context)
                {
                    context.DisplayAs(command.Code.Trim().ToUpperInvariant(), "text/plain");
                    return Task.CompletedTask;
                }
            }
            """));
        Assert.Equal("2", await _session.RunAsync($"#r \"nuget: {_name}, 1.0.0\"\n#!greet\n#!echo\nsome \"text\n#!csharp\n1 + 1"));
        Assert.Equal(["hello", "SOME \"TEXT"], Displayed().TakeLast(2));
        await _session.RunAsync("#!lsmagic");
        Assert.Matches(@"#!greet +Greets\.", Displayed()[^1]);
        Assert.Contains("Did you mean #!greet?", (await _session.TryAsync("#!gret")).Error!.Message, StringComparison.Ordinal);
    }

    private void Add(byte[] extension) => _feed.Add(
        _name,
        "1.0.0",
        $"public static class {_name} {{ public static int Number => 7; }}",
        others: ($"interactive-extensions/dotnet/{_name}.Extension.dll", extension));

    private byte[] ExtensionOf(string onLoad, string more = "") => PackageFeed.Compile(
        $"{_name}.Extension",
        $$"""
        {{Usings}}
        #pragma warning disable CS1998, CS0162
        public sealed class Extension : IKernelExtension
        {
            public async Task OnLoadAsync(Kernel kernel)
            {
                {{onLoad}}
            }
        }
        {{more}}
        """,
        []);

    private string Text(StreamName stream) => string.Concat(
        _session.Outputs.OfType<StreamOutput>().Where(output => output.Name == stream).Select(output => output.Text));

    private List<string> Displayed() =>
        [.. _session.Outputs.OfType<DisplayOutput>().Select(output => output.Data["text/plain"]!.GetValue<string>())];
}
