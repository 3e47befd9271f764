using System.Runtime.CompilerServices;
using MnistLab.Models.UserCode;

namespace MnistLab.Models.Tests;

public sealed class UserAssemblyTests : IDisposable
{
    private readonly SourceFolder _sources = new();

    public void Dispose() => _sources.Dispose();

    private UserAssembly Compile(string content, string name = "code.cs") =>
        UserCodeCompiler.Compile([_sources.Write(name, content)], TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("return args.Length;", 2)]
    [InlineData("Console.Out.Flush();", 0)]
    [InlineData("await Task.Yield(); return args[1].Length;", 3)]
    [InlineData("await Task.Yield();", 0)]
    [InlineData("class P { static int Main(string[] args) => args.Length + 1; }", 3)]
    [InlineData("class P { static void Main() { } }", 0)]
    [InlineData("class P { static async Task<int> Main() { await Task.Yield(); return 7; } }", 7)]
    public async Task RunMainAsync_EveryFormOfProgram_ReturnsItsExitCode(string program, int exitCode)
    {
        using var code = Compile(program);
        Assert.Equal(exitCode, await code.RunMainAsync(["a", "bcd"]));
    }

    [Fact]
    public async Task RunMainAsync_ProgramThrows_ExceptionComesOutWithTheLine()
    {
        using var code = Compile("var x = 1;\nawait Task.Yield();\nthrow new InvalidDataException($\"no {x}\");", "boot.cs");
        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => code.RunMainAsync([]));
        Assert.Equal("no 1", exception.Message);
        Assert.Contains("boot.cs:line 3", exception.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunMainAsync_NoEntryPoint_SaysWhatToWrite()
    {
        using var code = Compile("public class A;");
        var exception = await Assert.ThrowsAsync<UserCodeException>(() => code.RunMainAsync([]));
        Assert.Contains("no entry point", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateInstance_OnePublicClass_IsThePlatformsOwnType()
    {
        using var code = Compile(
            "public class Mine : MnistLab.Models.Tests.PlatformBase { public override string Describe() => \"mine\"; }\ninternal class Other;");
        PlatformBase instance = code.CreateInstance<PlatformBase>();
        Assert.Equal("mine", instance.Describe());
    }

    [Theory]
    [InlineData("public class Other;", "no public class that derives from PlatformBase")]
    [InlineData("class Mine : BASE { public override string Describe() => \"\"; }", "Mine does, but is not public")]
    [InlineData("public abstract class Mine : BASE;", "no public class that derives from PlatformBase")]
    [InlineData("public class A : BASE { public override string Describe() => \"\"; } public class B : A;", "2 public classes")]
    [InlineData("public class A(int x) : BASE { public override string Describe() => $\"{x}\"; }", "no public constructor without parameters")]
    [InlineData("public class A : BASE { public A() => throw new IOException(\"disk full\"); public override string Describe() => \"\"; }", "failed: IOException: disk full")]
    public void CreateInstance_NotExactlyOneUsableClass_SaysWhatIsWrong(string source, string message)
    {
        using var code = Compile(source.Replace("BASE", "MnistLab.Models.Tests.PlatformBase", StringComparison.Ordinal));
        var exception = Assert.Throws<UserCodeException>(code.CreateInstance<PlatformBase>);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Contains("code.cs", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_NothingInUse_LetsTheAssemblyGo()
    {
        var assembly = CompileAndDispose();
        for (var i = 0; i < 20 && assembly.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(assembly.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference CompileAndDispose()
    {
        using var code = Compile("public class A;");
        return new WeakReference(code.Assembly);
    }
}
