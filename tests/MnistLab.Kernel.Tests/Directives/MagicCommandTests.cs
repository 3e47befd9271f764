using System.Text.RegularExpressions;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Kernel.Sessions;

namespace MnistLab.Kernel.Tests;

public sealed class MagicCommandTests
{
    [Theory]
    [InlineData("#!value --name text\nsome \"text\n#!csharp\n#!share --from value text", "text", "some \"text")]
    [InlineData("#!value --name text --from-value inline\n#!csharp\n#!set --name copied --value @value:text", "copied", "inline")]
    [InlineData("#!set --name direct --value 42", "direct", "42")]
    [InlineData("var here = 5;\n#!set --name there --value @csharp:here", "there", "5")]
    [InlineData("#!value --name a --from-value x\n#!share --from value a --as b", "b", "x")]
    public async Task Value_SharedBetweenKernels_IsAVariable(string cell, string name, string text)
    {
        using var session = new Session();
        await session.RunAsync(cell);
        Assert.Equal(text, (await session.RunAsync(name))!.Trim());
    }

    [Fact]
    public async Task Value_FromAFile_IsItsText()
    {
        using var session = new Session();
        var file = session.Folder["stored.txt"];
        await File.WriteAllTextAsync(file, "stored", TestContext.Current.CancellationToken);
        await session.RunAsync($"#!value --name text --from-file {file}\n#!csharp\n#!share --from value text");
        Assert.Equal("stored", await session.RunAsync("text"));
    }

    [Theory]
    [InlineData("1\n#!set --value 3", "(2,1)", "--name")]
    [InlineData("var digit = 7;\n#!share --from csharp digi", "(2,1)", "has no value 'digi'. Did you mean 'digit'?")]
    [InlineData("var digit = 7;\n#!share --name digi --from csharp --as other", "(2,1)", "Did you mean 'digit'?")]
    [InlineData("#!value --name text --from-value x\n#!share --from value txt", "(2,1)", "The kernel 'value' has no value 'txt'. Did you mean 'text'?")]
    [InlineData("#!share --from value missing", "(1,1)", "The kernel 'value' has no value 'missing'.")]
    [InlineData("#!share --from valu text", "(1,1)", "There is no kernel 'valu' here. Did you mean 'value'?")]
    [InlineData("#!value --name text --from-value x\n#!set --name copied --value @value:txt", "(2,1)", "Did you mean 'text'?")]
    [InlineData("#!set --name copied --value @csharp:missing", "(1,1)", "The kernel 'csharp' has no value 'missing'.")]
    [InlineData("#!set --name copied --value @nowhere:missing", "(1,1)", "There is no kernel 'nowhere' here.")]
    [InlineData("#!tmie\n1", "(1,1)", "Did you mean #!time?")]
    [InlineData("\n#!whoos", "(2,1)", "Did you mean #!whos?")]
    [InlineData("#!somethingelse", "(1,1)", "#!lsmagic")]
    [InlineData("#!pwsh\nGet-ChildItem", "(1,1)", "there is no kernel for PowerShell here")]
    [InlineData("#!fsharp\nlet x = 1", "(1,1)", "there is no kernel for F# here")]
    [InlineData("#!sql\nSELECT 1", "(1,1)", "there is no kernel for SQL here")]
    [InlineData("1\n#!http\nGET {{missing}}", "(2,1)", "There is no variable 'missing'")]
    public async Task Directive_ThatCannotBeFollowed_SaysWhatToDo(string cell, string place, string words)
    {
        using var session = new Session();
        var error = (await session.TryAsync(cell)).Error!;
        Assert.StartsWith(place, error.Message);
        Assert.Contains(words, string.Join('\n', error.Traceback), StringComparison.Ordinal);
        Assert.Equal("1", await session.RunAsync("1"));
    }

    [Theory]
    [InlineData("#!set --name answer --value @input:\"Which digit?\"", "Which digit?", false)]
    [InlineData("#!set --name answer --value @password:secret", "secret", true)]
    [InlineData("var answer = input(\"Which digit?\");", "Which digit?", false)]
    [InlineData("var answer = password(\"secret\");", "secret", true)]
    [InlineData("var answer = await GetInputAsync(\"Which digit?\");", "Which digit?", false)]
    [InlineData("var answer = await GetPasswordAsync(\"secret\");", "secret", true)]
    public async Task Input_InAnyForm_IsAskedOfTheUser(string cell, string prompt, bool isPassword)
    {
        using var folder = new MnistLab.Testing.TemporaryFolder();
        var outputs = new OutputCollector();
        using var session = new ScriptSession(folder.Path, outputs);
        var user = new User("seven");
        var result = await session.RunAsync(new CellRequest(cell, 1, outputs, user), TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.Error?.Message);
        Assert.Equal([(prompt, isPassword)], user.Asked);
        var use = isPassword ? "answer.GetClearTextPassword()" : "answer";
        var value = await session.RunAsync(use, TestContext.Current.CancellationToken);
        Assert.Equal("seven", value.Value?["text/plain"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("#!import @input:\"Which file?\"", "Which file?", false)]
    [InlineData("#!import @input:{\"prompt\": \"Which file?\", \"type\": \"file\"}", "Which file?", false)]
    [InlineData("#!import @password:Which?", "Which?", true)]
    public async Task Import_OfAFileThatTheUserNames_RunsItsCells(string cell, string prompt, bool isPassword)
    {
        using var folder = new MnistLab.Testing.TemporaryFolder();
        await File.WriteAllTextAsync(folder["other file.csx"], "var imported = 42;", TestContext.Current.CancellationToken);
        var outputs = new OutputCollector();
        using var session = new ScriptSession(folder.Path, outputs);
        var user = new User("other file.csx");
        var result = await session.RunAsync(new CellRequest(cell, 1, outputs, user), TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.Error?.Message);
        Assert.Equal([(prompt, isPassword)], user.Asked);
        var value = await session.RunAsync("imported", TestContext.Current.CancellationToken);
        Assert.Equal("42", value.Value?["text/plain"]?.GetValue<string>());
    }

    [Fact]
    public async Task Input_WhereNobodyAnswers_SaysSo()
    {
        using var session = new Session();
        foreach (var cell in new[] { "input(\"Which digit?\")", "#!set --name a --value @input:\"Which digit?\"", "#!import @input:\"Which digit?\"" })
        {
            var error = (await session.TryAsync(cell)).Error!;
            Assert.Contains("which is not available here", string.Join('\n', error.Traceback), StringComparison.Ordinal);
            Assert.Contains("Which digit?", string.Join('\n', error.Traceback), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("new Microsoft.DotNet.Interactive.Formatting.LaTeXString(\"$x^2$\")", "text/latex", "^\\$x\\^2\\$$")]
    [InlineData("new MathString(\"x^2\")", "text/latex", "^\\$\\$x\\^2\\$\\$$")]
    [InlineData("using static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;\ndiv[@class: \"box\"](\"a < b\", b(\"c\"))", "text/html", "<div class=\"box\">a &lt; b<b>c</b></div>")]
    public async Task Helper_AsACellsValue_IsShownInItsForm(string cell, string mimeType, string text)
    {
        using var session = new Session();
        var result = await session.TryAsync(cell);
        Assert.True(result.Succeeded, result.Error?.Message);
        Assert.Matches(text, result.Value![mimeType]!.GetValue<string>());
    }

    [Theory]
    [InlineData("CSS(\"h1 { color: red }\");", "h1 \\{ color: red \\}")]
    [InlineData("Javascript(\"draw()\");", "<script type=\"text/javascript\">draw\\(\\)</script>")]
    [InlineData("new[] { new { Digit = 7, Name = \"seven\" } }.DisplayTable();", "Digit.*Name.*7.*seven")]
    [InlineData("using Microsoft.DotNet.Interactive;\ndisplay(Kernel.Current.Name, \"text/html\");", "csharp")]
    public async Task Helper_ThatDisplays_ShowsHtml(string cell, string html)
    {
        using var session = new Session();
        await session.RunAsync(cell);
        var shown = Assert.IsType<DisplayOutput>(Assert.Single(session.Outputs)).Data["text/html"]!.GetValue<string>();
        Assert.Matches(new Regex(html, RegexOptions.Singleline), shown);
    }

    [Fact]
    public async Task About_DisplaysTheVersionsOfDotNetAndOfTheKernel()
    {
        using var session = new Session();
        await session.RunAsync("#!about");
        var shown = Assert.IsType<DisplayOutput>(Assert.Single(session.Outputs)).Data["text/plain"]!.GetValue<string>();
        Assert.Matches($@"^C# on \.NET {Regex.Escape($"{Environment.Version}")}, MnistLab\.Kernel \d+\.\d+\.\d+", shown);
    }

    [Fact]
    public async Task LsMagic_ListsEveryDirective()
    {
        using var session = new Session();
        await session.RunAsync("#!lsmagic");
        var listed = Assert.IsType<DisplayOutput>(session.Outputs[^1]).Data["text/plain"]!.GetValue<string>();
        Assert.All(
            ["#!csharp",
                "#!c#",
                "#!markdown",
                "#!html",
                "#!javascript",
                "#!mermaid",
                "#!time",
                "#!who",
                "#!whos",
                "#!import",
                "#!about",
                "#!value",
                "#!set",
                "#!share",
                "#!http"],
            name => Assert.Matches($"(^|\n){Regex.Escape(name)} +\\S", listed));
    }

    private sealed class User(string answer) : IInputSource
    {
        public List<(string Prompt, bool IsPassword)> Asked { get; } = [];

        public Task<string> ReadLineAsync(string prompt, bool isPassword, CancellationToken cancellationToken)
        {
            Asked.Add((prompt, isPassword));
            return Task.FromResult(answer);
        }
    }
}
