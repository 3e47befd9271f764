using MnistLab.Kernel.Installation;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class KernelInstallationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly JupyterFolders _jupyter;

    public KernelInstallationTests() => _jupyter = new(name => name switch
    {
        "JUPYTER_DATA_DIR" => _folder["user"],
        "JUPYTER_PATH" => _folder["path"],
        _ => null,
    });

    private KernelInstallation Installation => new(_jupyter);

    [Fact]
    public void Kernel_IsInstalledTwiceAndRemoved_IsThereWholeAndThenGone()
    {
        Installation.Install(KernelInstallation.DefaultName, KernelInstallation.DefaultDisplayName);
        var kernel = Installation.Install(KernelInstallation.DefaultName, "C# of ours");

        Assert.Equal(Path.Combine(_folder["user"], "kernels", ".net-csharp"), kernel.Folder);
        Assert.Equal(kernel, Installation.List().Single(found => found.IsOurs));
        Assert.Equal("C# of ours", kernel.DisplayName);
        Assert.All(["kernel.json",
            "logo-32x32.png",
            "logo-64x64.png",
            "program/MnistLab.Kernel.dll",
            "program/NetMQ.dll",
            "program/MnistLab.Kernel.runtimeconfig.json"], file => Assert.True(File.Exists(Path.Combine(kernel.Folder, file)), file));
        Assert.Equal(kernel.Folder, Installation.Uninstall(KernelInstallation.DefaultName).Folder);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder["user"], "kernels")));
    }

    [Fact]
    public async Task Kernel_CannotBeCompiled_IsInstalledAsItWasBuilt()
    {
        var feed = Directory.CreateDirectory(_folder["feed"]).FullName;
        var installation = new KernelInstallation(_jupyter, new AheadOfTimeCompiler(feed, "0.0.1"));
        var (kernel, notCompiled) = await installation.InstallCompiledAsync(
            "mine", "C#", null, new Progress<string>(), TestContext.Current.CancellationToken);
        Assert.Contains("Crossgen2", notCompiled, StringComparison.Ordinal);
        Assert.Equal(Library(AppContext.BaseDirectory), Library(Path.Combine(kernel.Folder, "program")));

        static byte[] Library(string folder) => File.ReadAllBytes(Path.Combine(folder, "NetMQ.dll"));
    }

    [Fact]
    public async Task Kernel_IsCompiled_ItsLibrariesHaveMachineCodeAndItRuns()
    {
        var (kernel, notCompiled) = await Installation.InstallCompiledAsync(
            "mine", "C#", null, new Progress<string>(), TestContext.Current.CancellationToken);
        Assert.Null(notCompiled);
        var program = Path.Combine(kernel.Folder, "program");
        Assert.All(
            ["MnistLab.Kernel.dll", "NetMQ.dll", "Microsoft.CodeAnalysis.CSharp.dll"],
            file => Assert.True(HasMachineCode(Path.Combine(program, file)), file));

        static bool HasMachineCode(string file)
        {
            using var image = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(file));
            return image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
        }
    }

    [Theory]
    [InlineData("user")]
    [InlineData("path")]
    public void Name_OfAnotherKernel_IsLeftAlone(string place)
    {
        var other = Directory.CreateDirectory(Path.Combine(_folder[place], "kernels", ".net-csharp")).FullName;
        File.WriteAllText(
            Path.Combine(other, "kernel.json"),
            """{"argv":["dotnet-interactive"],"display_name":".NET (C#)","language":"C#"}""");

        var error = Assert.Throws<KernelInstallationException>(() => Installation.Install(".net-csharp", "C#"));
        Assert.Contains("--name", error.Message);
        Assert.Throws<KernelInstallationException>(() => Installation.Uninstall(".net-csharp"));
        Assert.Contains("dotnet-interactive", File.ReadAllText(Path.Combine(other, "kernel.json")));
        Assert.True(Installation.Install("mnistlab-csharp", "C#").IsOurs);
    }

    [Fact]
    public void Folder_ThatIsNoKernels_IsLeftAlone()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder["user"], "kernels", "notes")).FullName;
        File.WriteAllText(Path.Combine(folder, "note.txt"), "mine");
        Assert.Throws<KernelInstallationException>(() => Installation.Install("notes", "C#"));
        Assert.True(File.Exists(Path.Combine(folder, "note.txt")));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Name_ThatIsNone_IsRefused(string name) =>
        Assert.Throws<KernelInstallationException>(() => Installation.Install(name, "C#"));

    [Fact]
    public void Prefix_HasItsKernelsWhereJupyterLooks()
    {
        var kernels = JupyterFolders.InPrefix(_folder["environment"]);
        Installation.Install("mine", "C#", kernels);
        Assert.Equal(
            Path.Combine(_folder["environment"], "share", "jupyter", "kernels", "mine"),
            Installation.Uninstall("mine", kernels).Folder);
    }

    public void Dispose() => _folder.Dispose();
}
