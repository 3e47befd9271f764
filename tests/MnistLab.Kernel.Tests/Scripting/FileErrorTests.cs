namespace MnistLab.Kernel.Tests;

/// <summary>Tests errors in files that cells load: they name the file and the line.</summary>
public sealed class FileErrorTests : IDisposable
{
    private readonly Session _session = new();

    public FileErrorTests() => Directory.CreateDirectory(_session.Folder["sub"]);

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("#load \"sub/outer.csx\"")]
    [InlineData("#!import sub/outer.csx")]
    public async Task File_ThatDoesNotCompile_IsNamedWithTheLine(string directive)
    {
        var outer = Write("sub/outer.csx", "#load \"inner.csx\"\nvar fine = 1;\n  missing();");
        Write("sub/inner.csx", "var inner = 1;");

        var error = (await _session.TryAsync(directive)).Error!;
        var inner = Write("sub/inner.csx", "#!/usr/bin/env dotnet-script\nint number = \"text\";");
        var nested = (await _session.TryAsync(directive)).Error!;

        Assert.StartsWith($"{outer}(3,3): error CS0103: ", error.Message);
        Assert.StartsWith($"{inner}(2,14): error CS0029: ", nested.Traceback[0]);
    }

    [Theory]
    [InlineData("#load \"sub/throws.csx\"")]
    [InlineData("#!import sub/throws.csx")]
    public async Task File_ThatThrows_IsNamedWithTheLine(string directive)
    {
        var file = Write("sub/throws.csx", "void Fail()\n{\n    throw new InvalidOperationException(\"on purpose\");\n}\n\nFail();");

        var error = (await _session.TryAsync(directive)).Error!;

        Assert.Equal(
            ["System.InvalidOperationException: on purpose", $"   at Fail() in {file}, line 3", $"   at {file}, line 6"],
            error.Traceback);
    }

    [Fact]
    public async Task Function_OfAnImportedFile_IsNamedWithItsFileAndTheCellThatCallsIt()
    {
        var file = Write("sub/fail.csx", "void Fail() =>\n    throw new InvalidOperationException(\"on purpose\");");
        await _session.RunAsync("#!import sub/fail.csx");

        var error = (await _session.TryAsync("\nFail();")).Error!;

        Assert.Equal(
            ["System.InvalidOperationException: on purpose", $"   at Fail() in {file}, line 2", "   at cell 2, line 2"],
            error.Traceback);
    }

    [Fact]
    public async Task CellOfAnImportedNotebook_ThatFails_IsNamedWithTheNotebook()
    {
        _session.Folder.WriteNotebook("sub/compiles-not.ipynb", "var one = 1;", "\nmissing();");
        _session.Folder.WriteNotebook("sub/throws.ipynb", "var two = 2;", "\nint.Parse(\"x\");");

        var compilation = (await _session.TryAsync("#!import sub/compiles-not.ipynb")).Error!;
        var exception = (await _session.TryAsync("#!import sub/throws.ipynb")).Error!;

        Assert.StartsWith($"{_session.Folder["sub/compiles-not.ipynb"]}, cell 2(2,1): error CS0103: ", compilation.Message);
        Assert.Equal($"   at {_session.Folder["sub/throws.ipynb"]}, cell 2, line 2", exception.Traceback[^1]);
    }

    [Theory]
    [InlineData("#load \"sub/directive.csx\"")]
    [InlineData("#!import sub/directive.csx")]
    public async Task Directive_OfAFile_ThatCannotBeFollowed_IsNamedWithTheLine(string directive)
    {
        var file = Write("sub/directive.csx", "var fine = 1;\n#i \"nuget: htp:/typo\"");
        var feed = (await _session.TryAsync(directive)).Error!;
        Write("sub/directive.csx", "\n#r \"nuget:\"");
        var package = (await _session.TryAsync(directive)).Error!;

        Assert.StartsWith($"{file}(2,1): error: The feed 'htp:/typo' ", feed.Message);
        Assert.StartsWith($"{file}(2,1): error: #r ", package.Message);
    }

    private string Write(string file, string text)
    {
        File.WriteAllText(_session.Folder[file], text);
        return _session.Folder[file];
    }
}
