using System.Diagnostics;
using MnistLab.Data.Workspaces;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests.Container;

/// <summary>
/// Represents the container image of the service, built once with the command of <c>docs/beyond-one-machine.md</c>,
/// from the build under test, on a base image from this machine.
/// </summary>
public sealed class BuiltImage : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ContainerImage? _image;
    private string? _root;

    /// <summary>Gets the image.</summary>
    internal ContainerImage Image => _image!;

    /// <summary>Gets the root file system of the image, unpacked.</summary>
    internal string Root => _root ??= Image.Unpack();

    /// <summary>Builds the image. The tests are skipped, visibly, on systems other than Linux.</summary>
    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The base image is put together from Linux's own files.");
        BaseImage.WriteLayer(_folder["base.tar"]);
        await using var registry = await ImageRegistry.StartAsync(_folder["base.tar"]);
        var archive = _folder["image.tar.gz"];
        var command = Command(archive);
        var start = new ProcessStartInfo(command[0], [.. command[1..], "-c", Configuration, "--no-build", "--nologo"])
        {
            WorkingDirectory = Workspace.Find().Root,
            RedirectStandardOutput = true,
        };
        // Environment variables are also properties of the build.
        start.Environment["ContainerBaseImage"] = registry.Image;
        start.Environment["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Authority;
        start.Environment["NO_PROXY"] = "127.0.0.1";
        start.Environment["PublishDir"] = _folder["publish/"];
        // Downloaded blobs are cached there.
        start.Environment["TMPDIR"] = Directory.CreateDirectory(_folder["temporary"]).FullName;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        _image = new ContainerImage(archive, _folder["image"]);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Configuration =>
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private static string[] Command(string archive)
    {
        var page = File.ReadAllLines(Path.Combine(Workspace.Find().Root, "docs", "beyond-one-machine.md"));
        // A mark, the beginning of a block, and its only line.
        var line = page[Array.IndexOf(page, "<!-- image -->") + 2];
        const string Output = "-p:ContainerArchiveOutputPath=";
        // A relative path would be relative to the project, not to the root, where the next command looks for it.
        Assert.Contains($"{Output}\"$PWD/artifacts/", line, StringComparison.Ordinal);
        return [.. line.Split(' ')
            .Select(word => word.StartsWith(Output, StringComparison.Ordinal) ? Output + archive : word)];
    }
}
