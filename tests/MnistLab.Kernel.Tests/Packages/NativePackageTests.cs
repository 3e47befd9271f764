using System.Runtime.InteropServices;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class NativePackageTests : IDisposable
{
    private readonly string _name = $"Package{Guid.NewGuid():N}";
    private readonly Session _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task NativeLibrary_ThatNeedsOneOfAnotherPackage_FindsIt()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux(),
            "The native libraries that the packages carry are those of .NET for Linux, of which one needs the other.");
        var feed = new PackageFeed(_session.Folder.Path);
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        feed.Add($"{_name}.Lower", "1.0.0", "", nativeFile: (Path.Combine(runtime, "libmscordaccore.so"), "libmscordaccore.so"));
        feed.Add(
            _name,
            "1.0.0",
            $$"""
            using System.Runtime.InteropServices;
            public static class {{_name}}
            {
                public static bool Loads() => NativeLibrary.TryLoad("upper", typeof({{_name}}).Assembly, null, out _);
            }
            """,
            $"{_name}.Lower",
            // Under its own name, it would also be found in the folder of the runtime, beside the library that it
            // needs.
            (Path.Combine(runtime, "libmscordbi.so"), "libupper.so"));

        Assert.Equal("True", await _session.RunAsync($"#r \"nuget: {_name}, 1.0.0\"\n{_name}.Loads()"));
    }

    [Fact]
    public async Task TorchSharp_AsItsPackageIs_TrainsInANotebook()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook(
            "torch.ipynb",
            "#r \"nuget: TorchSharp-cpu, 0.107.0\"",
            "using static TorchSharp.torch;\nstring.Join(\",\", nn.Linear(2, 3).forward(zeros(5, 2)).shape)");

        var results = await NotebookBatch
            .Open([folder.Path], folder["out"], TimeProvider.System)
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(Assert.Single(results).Succeeded, results[0].Failure?.ToString());
        var shown = Assert.IsType<ResultOutput>(NotebookDocument.Read(results[0].Executed).Cells[1].Outputs[^1]);
        Assert.Equal("5,3", shown.Data["text/plain"]!.GetValue<string>());
    }
}
