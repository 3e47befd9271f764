using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using MnistLab.Testing;
using TorchSharp;

namespace MnistLab.Build.Tests;

public sealed class WeakenVersionNeedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OutputFolder_AfterBuild_LoadsTorchSharp() =>
        Assert.Equal(6, torch.tensor(new[] { 1L, 2L, 3L }).sum().item<long>());

    [Fact]
    public void OutputFolder_AfterBuild_DiffersFromPackageInTheFlagAlone()
    {
        var shipped = File.ReadAllBytes(TorchSharpLibrary.InPackage);
        var built = File.ReadAllBytes(TorchSharpLibrary.InOutputFolder);

        Assert.Equal(shipped.Length, built.Length);
        var different = Enumerable.Range(0, shipped.Length).Where(i => shipped[i] != built[i]).ToList();
        Assert.Single(different);
        Assert.Equal((0, 2), (shipped[different[0]], built[different[0]]));
    }

    [Fact]
    public void Execute_OnALink_ReplacesTheLinkAndLeavesItsTargetAlone()
    {
        var shipped = File.ReadAllBytes(TorchSharpLibrary.InPackage);
        File.WriteAllBytes(_folder["cache.so"], shipped);
        File.CreateSymbolicLink(_folder["output.so"], _folder["cache.so"]);

        var (changed, complaints) = Execute(_folder["output.so"]);

        Assert.True(changed);
        Assert.Empty(complaints);
        Assert.Equal(shipped, File.ReadAllBytes(_folder["cache.so"]));
        Assert.Null(new FileInfo(_folder["output.so"]).LinkTarget);
        Assert.NotEqual(shipped, File.ReadAllBytes(_folder["output.so"]));
        Assert.Equal(["cache.so", "output.so"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Execute_OnACopyThatLoads_LeavesItLoadable()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The native library of this platform is not an ELF file.");
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "lib*.so*"))
            File.CreateSymbolicLink(_folder[Path.GetFileName(file)], file);

        var copy = _folder["libLibTorchSharp.so"];
        var before = File.ReadAllBytes(copy);
        var (changed, complaints) = Execute(copy);

        Assert.False(changed);
        Assert.Empty(complaints);
        Assert.Equal(before, File.ReadAllBytes(copy));
        NativeLibrary.Free(NativeLibrary.Load(copy));
    }

    [Fact]
    public void Execute_OnALibraryWithoutTheVersion_ChangesNothingAndDoesNotComplain()
    {
        var other = Replaced(File.ReadAllBytes(TorchSharpLibrary.InPackage), TorchSharpLibrary.Version, "GLIBCXX_3.4.99");
        File.WriteAllBytes(_folder["newer.so"], other);

        var (changed, complaints) = Execute(_folder["newer.so"]);

        Assert.False(changed);
        Assert.Empty(complaints);
        Assert.Equal(other, File.ReadAllBytes(_folder["newer.so"]));
    }

    [Fact]
    public void Weaken_WhenASymbolThatCouldBeCalledNeedsTheVersion_ChangesNothing()
    {
        var image = Replaced(
            File.ReadAllBytes(TorchSharpLibrary.InPackage),
            "_ZSt21ios_base_library_initv",
            "_ZSt21ios_base_library_calls");

        Assert.False(ElfVersionNeed.Weaken(image, TorchSharpLibrary.Version, out var why));
        Assert.Contains("_ZSt21ios_base_library_calls", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MZ this is a Windows library, and long enough to have an ELF header if it were one")]
    public void Weaken_OfWhatIsNoElfFile_ChangesNothing(string content)
    {
        Assert.False(ElfVersionNeed.Weaken(Encoding.ASCII.GetBytes(content), TorchSharpLibrary.Version, out var why));
        Assert.Contains("not a 64-bit little-endian ELF file", why, StringComparison.Ordinal);
    }

    private static (bool Changed, IReadOnlyList<string> Complaints) Execute(string file)
    {
        var engine = new RecordingBuildEngine();
        var task = new WeakenVersionNeed { BuildEngine = engine, File = file, Version = TorchSharpLibrary.Version };
        Assert.True(task.Execute());
        return (task.Changed, engine.Complaints);
    }

    private static byte[] Replaced(byte[] image, string text, string other)
    {
        var at = image.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text + '\0'));
        Assert.True(at > 0);
        Encoding.ASCII.GetBytes(other).CopyTo(image, at);
        return image;
    }
}
