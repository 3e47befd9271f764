using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Libraries;
using MnistLab.Kernel.Running;
using MnistLab.Kernel.Sessions;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class LibrarySnapshotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _name = $"Library{Guid.NewGuid():N}";

    [Fact]
    public async Task Library_IsRebuiltWhileItIsInUse_TheNotebookGoesOnAndIsToldToRestart()
    {
        var outputs = new OutputCollector();
        Build(1);
        using (var session = new ScriptSession(_folder.Path, outputs, new LibrarySnapshots(_folder["snapshots"], TimeProvider.System)))
        {
            await RunAsync(session, $"#r \"bin/{_name}.dll\"\nvar first = {_name}.First();", null);
            // Overwrites the file in place, as a copy over an existing file does: a file that is mapped into the
            // process would change while it is in use.
            Build(2);
            await RunAsync(session, $"{_name}.Second()", "1");
            await RunAsync(session, "first", "1");
        }

        var told = outputs.Snapshot().OfType<StreamOutput>().Where(output => output.Name == StreamName.Stderr).ToList();
        Assert.Contains($"{_name}.dll. Restart the kernel", Assert.Single(told).Text);
    }

    [Fact]
    public void Folder_ThatIsAsItWas_HasOneSnapshotWithAllThatIsInIt()
    {
        Build(1);
        File.WriteAllText(_folder["bin/native.so"], "");
        Directory.CreateDirectory(_folder["bin/de"]);
        string PathOf() => new LibrarySnapshots(_folder["snapshots"], TimeProvider.System).PathOf(_folder[$"bin/{_name}.dll"]);

        var first = PathOf();
        Assert.Equal(first, PathOf());
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(first)!, "native.so")));
        Build(2);
        Assert.NotEqual(first, PathOf());
        Assert.Equal(2, Directory.GetDirectories(_folder["snapshots"]).Length);
    }

    public void Dispose() => _folder.Dispose();

    private void Build(int version)
    {
        Directory.CreateDirectory(_folder["bin"]);
        var built = LibraryTests.Write(
            _folder.Path,
            _name,
            $"public static class {_name} {{ public static int First() => {version}; public static int Second() => {version}; {string.Concat(Enumerable.Range(0, version * 10).Select(i => $"public static int More{i}() => {i}; "))} }}");
        using var target = new FileStream(_folder[$"bin/{_name}.dll"], FileMode.Create);
        target.Write(File.ReadAllBytes(built));
    }

    private static async Task RunAsync(ScriptSession session, string code, string? value)
    {
        var result = await session.RunAsync(code, TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.Error?.Message);
        Assert.Equal(value, result.Value is { } shown && shown.TryGetText("text/plain", out var text) ? text : null);
    }
}
