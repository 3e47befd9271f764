using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MnistLab.Kernel.Cells;

namespace MnistLab.Kernel.Tests;

public sealed class LibraryTests
{
    // Loaded assemblies stay loaded in the process of the tests, so each test has libraries with unique names.
    private readonly string _lower = $"Lower{Guid.NewGuid():N}";
    private readonly string _upper = $"Upper{Guid.NewGuid():N}";

    [Fact]
    public async Task Reference_ToALibrary_BringsTheLibrariesBesideIt()
    {
        using var session = new Session();
        WriteLibraries(session);
        await session.RunAsync($"#r \"bin/{_upper}.dll\"\nusing {_upper};\nusing {_lower};");
        Assert.Equal("5", await session.RunAsync("Point point = Shapes.Corner(); point.X"));
        Assert.Equal("5", await session.RunAsync("new Point(5).X"));
    }

    [Fact]
    public async Task Reference_ToALibrary_LoadsEachAssemblyOnce()
    {
        using var session = new Session();
        WriteLibraries(session);
        await session.RunAsync($"#r \"bin/{_lower}.dll\"\nvar first = new {_lower}.Point(1);");
        await session.RunAsync($"#r \"bin/{_upper}.dll\"\nfirst = {_upper}.Shapes.Corner();");
        Assert.Equal("5", await session.RunAsync("first.X"));
        Assert.Single(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == _lower);
        Assert.Single(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == _upper);
    }

    [Fact]
    public async Task Reference_InACellThatFailed_HoldsWhenTheCellIsRunAgain()
    {
        using var session = new Session();
        WriteLibraries(session);
        Assert.False((await session.TryAsync($"#r \"bin/{_upper}.dll\"\nmissing();")).Succeeded);
        Assert.Equal("5", await session.RunAsync($"#r \"bin/{_upper}.dll\"\n{_upper}.Shapes.Corner().X"));
    }

    [Fact]
    public async Task Reference_ToAnAbsolutePath_IsThatFile()
    {
        using var session = new Session();
        WriteLibraries(session);
        Assert.Equal("5", await session.RunAsync(
            $"#r \"{Path.Combine(session.Folder["bin"], _upper + ".dll").Replace('\\', '/')}\"\n{_upper}.Shapes.Corner().X"));
    }

    [Fact]
    public async Task Reference_ToWhatIsNotThere_IsACompilationErrorThatNamesIt()
    {
        using var session = new Session();
        var error = (await session.TryAsync("\n#r \"bin/missing.dll\"")).Error!;
        Assert.Equal(CellErrorKind.Compilation, error.Kind);
        Assert.StartsWith("(2,", error.Message);
        Assert.Contains("bin/missing.dll", error.Message);
    }

    [Fact]
    public async Task Reference_ToAFileThatIsNoAssembly_IsAnErrorThatNamesItAndTheSessionGoesOn()
    {
        using var session = new Session();
        await File.WriteAllTextAsync(session.Folder["text.dll"], "no assembly", TestContext.Current.CancellationToken);
        var error = (await session.TryAsync("#r \"text.dll\"")).Error!;
        Assert.Equal(CellErrorKind.Compilation, error.Kind);
        Assert.Contains("text.dll", error.Message);
        Assert.Equal("1", await session.RunAsync("1"));
    }

    private void WriteLibraries(Session session)
    {
        var folder = Directory.CreateDirectory(session.Folder["bin"]).FullName;
        var lower = Write(folder, _lower, $"namespace {_lower}; public record Point(int X);");
        Write(
            folder,
            _upper,
            $"namespace {_upper}; public static class Shapes {{ public static {_lower}.Point Corner() => new(5); }}",
            lower);
    }

    internal static string Write(string folder, string name, string code, params string[] references)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(code)],
            [.. platform.Concat(references).Select(file => MetadataReference.CreateFromFile(file))],
            new(OutputKind.DynamicallyLinkedLibrary));
        var file = Path.Combine(folder, name + ".dll");
        Assert.True(compilation.Emit(file).Success);
        return file;
    }
}
