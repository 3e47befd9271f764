using System.Text;
using CsCheck;
using MnistLab.Models.UserCode;

namespace MnistLab.Models.Tests;

public sealed class UserCodeCompilerTests : IDisposable
{
    private readonly SourceFolder _sources = new();

    public void Dispose() => _sources.Dispose();

    private UserCodeException Refused(string content, string name = "code.cs")
    {
        var file = _sources.Write(name, content);
        return Assert.Throws<UserCodeException>(() => UserCodeCompiler.Compile([file], TestContext.Current.CancellationToken).Dispose());
    }

    private UserAssembly Compile(string content, string name = "code.cs") =>
        UserCodeCompiler.Compile([_sources.Write(name, content)], TestContext.Current.CancellationToken);

    [Fact]
    public void Compile_SyntaxError_NamesFileLineColumnAndId()
    {
        var exception = Refused("var a = 1;\nvar b = 2\n", "train_mnist.cs");
        var diagnostic = Assert.Single(exception.Diagnostics);
        Assert.Equal(
            ("train_mnist.cs", 2, 10, "CS1002"),
            (Path.GetFileName(diagnostic.File), diagnostic.Line, diagnostic.Column, diagnostic.Id));
        Assert.Contains("train_mnist.cs(2,10): error CS1002", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_ErrorsInTwoFiles_NamesBothInOrder()
    {
        var first = _sources.Write("a.cs", "public class A { int x = \"\"; }");
        var second = _sources.Write("b.cs", "\n\npublic class B { Missing y; }");
        var exception = Assert.Throws<UserCodeException>(
            () => UserCodeCompiler.Compile([second, first], TestContext.Current.CancellationToken));
        Assert.Equal(
            [("a.cs", 1, "CS0029"), ("b.cs", 3, "CS0246")],
            exception.Diagnostics.Select(d => (Path.GetFileName(d.File), d.Line, d.Id)));
    }

    [Fact]
    public void Compile_ManyErrors_MessageShowsTwentyAndCountsTheRest()
    {
        var exception = Refused(string.Concat(Enumerable.Repeat("missing();\n", 30)));
        Assert.Equal(30, exception.Diagnostics.Count);
        Assert.Contains("… and 10 more.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_WarningsOnly_Compiles()
    {
        using var code = Compile("#warning beware\nint unused = 1;");
        Assert.True(code.IsProgram);
    }

    [Theory]
    [InlineData("<!DOCTYPE html>\n<html><body>Sign in</body></html>")]
    [InlineData("\n  <html lang=\"en\"></html>")]
    [InlineData("\uFEFF<!doctype HTML>")]
    public void Compile_WebPageSavedAsCode_SaysSo(string page)
    {
        var exception = Refused(page, "train_mnist.cs");
        Assert.Contains("is an HTML page, not C#", exception.Message, StringComparison.Ordinal);
        Assert.Contains("train_mnist.cs", exception.Message, StringComparison.Ordinal);
        Assert.Empty(exception.Diagnostics);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    [InlineData("\uFEFF")]
    public void Compile_EmptyFile_SaysSo(string content) => Assert.Contains("is empty", Refused(content).Message, StringComparison.Ordinal);

    [Fact]
    public void Compile_BinaryFile_SaysSo() => Assert.Contains("is not text", Refused("MZ\0\0\u0001").Message, StringComparison.Ordinal);

    [Fact]
    public void Compile_MissingFile_NamesIt()
    {
        var exception = Assert.Throws<UserCodeException>(() => UserCodeCompiler.Compile(
            [Path.Combine(_sources.Path, "absent.cs")], TestContext.Current.CancellationToken));
        Assert.Contains("absent.cs", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_TwoFilesWithTopLevelStatements_SaysThereIsMoreThanOneEntryPoint()
    {
        var first = _sources.Write("a.cs", "Console.Write(1);");
        var second = _sources.Write("b.cs", "Console.Write(2);");
        var exception = Assert.Throws<UserCodeException>(
            () => UserCodeCompiler.Compile([first, second], TestContext.Current.CancellationToken));
        Assert.Contains("more than one entry point", exception.Message, StringComparison.Ordinal);
        Assert.Contains(exception.Diagnostics, diagnostic => diagnostic.Id == "CS8802" && diagnostic.File == second);
    }

    [Fact]
    public void Compile_TwoMainMethods_SaysThereIsMoreThanOneEntryPoint() =>
        Assert.Contains(
            "more than one entry point",
            Refused("class A { static void Main() { } } class B { static void Main() { } }").Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task Compile_DirectivesOfFileBasedApps_AreIgnored()
    {
        using var code = Compile(
            """
            #!/usr/bin/env dotnet
            #:sdk Microsoft.NET.Sdk
            #:project ../../lib/NotThere/NotThere.csproj
            #:package Not.There@1.2.3
            #:property PublishAot=false
            return 5;
            """);
        Assert.Equal(5, await code.RunMainAsync([]));
    }

    [Fact]
    public async Task Compile_ImplicitUsingsOfTheSdk_AreThere()
    {
        using var code = Compile(
            """
            var list = new List<int> { 1, 2, 3 };
            await Task.Delay(0, CancellationToken.None);
            using var client = new HttpClient();
            return list.Where(x => x > 1).Sum() + Path.GetFileName("a/bc").Length + Math.Abs(-1);
            """);
        Assert.Equal(8, await code.RunMainAsync([]));
    }

    [Fact]
    public void Compile_TopLevelStatementsAndAClass_GivesBoth()
    {
        using var code = Compile(
            "using MnistLab.Models.Tests;\nreturn 1;\npublic class Mine : PlatformBase { public override string Describe() => \"mine\"; }");
        Assert.True(code.IsProgram);
        Assert.Equal("mine", code.CreateInstance<PlatformBase>().Describe());
    }

    [Fact]
    public async Task Compile_SameNameTwice_KeepsBothApart()
    {
        using var first = Compile("return 1;");
        using var second = Compile("return 2;");
        Assert.Equal((1, 2), (await first.RunMainAsync([]), await second.RunMainAsync([])));
    }

    [Fact]
    public void Compile_SeveralFiles_BelongTogether()
    {
        _sources.Write("a.cs", "public class A { public static int One => 1; }");
        _sources.Write(
            "b.cs", "using MnistLab.Models.Tests; public class B : PlatformBase { public override string Describe() => $\"{A.One}\"; }");
        using var code = UserCodeCompiler.Compile(
            Directory.GetFiles(_sources.Path), TestContext.Current.CancellationToken);
        Assert.False(code.IsProgram);
        Assert.Equal("1", code.CreateInstance<PlatformBase>().Describe());
    }

    [Fact]
    public void Compile_AnyBytes_IsRefusedOrCompiledButNeverFailsOtherwise() =>
        Gen.OneOf(Gen.Byte.Array[0, 200], Gen.String.AlphaNumeric.Array[0, 20].Select(
            words => Encoding.UTF8.GetBytes(string.Join(" { ; ", words)))).Sample(
            bytes =>
            {
                var file = Path.Combine(_sources.Path, $"{Guid.NewGuid():N}.cs");
                File.WriteAllBytes(file, bytes);
                try
                {
                    UserCodeCompiler.Compile([file]).Dispose();
                }
                catch (UserCodeException exception)
                {
                    Assert.NotEmpty(exception.Message);
                }
            },
            iter: 20, threads: 1);
}
