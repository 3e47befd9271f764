using System.Diagnostics;
using MnistLab.Testing;

namespace MnistLab.Hosting.Tests;

public sealed class ScratchFolderTests
{
    [Fact]
    public async Task Folder_Disposed_IsDeletedWithItsFiles()
    {
        string path;
        using (var scratch = ScratchFolder.Create("mnistlab-test-"))
        {
            path = scratch.Path;
            Assert.StartsWith("mnistlab-test-", Path.GetFileName(path), StringComparison.Ordinal);
            Assert.Equal(7, await scratch.UseAsync(async folder =>
            {
                await File.WriteAllTextAsync(Path.Combine(folder, "file"), "text");
                return 7;
            }));
        }

        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public async Task Use_ErrorsOfOtherKinds_AreLeftAsTheyAre()
    {
        using var scratch = ScratchFolder.Create("mnistlab-test-");
        var missing = new FileNotFoundException($"{scratch.Path}/missing");
        // A different disk may be the full one.
        var elsewhere = new IOException("No space left on device : '/elsewhere/file'", NoSpace);

        Assert.Same(missing, await Assert.ThrowsAnyAsync<IOException>(() => scratch.UseAsync<int>(_ => throw missing)));
        Assert.Same(elsewhere, await Assert.ThrowsAnyAsync<IOException>(() => scratch.UseAsync<int>(_ => throw elsewhere)));
    }

    [Fact]
    public async Task Use_OfAFullDisk_NamesTheFolderAndTheVariable()
    {
        using var scratch = ScratchFolder.Create("mnistlab-test-");
        var full = new IOException($"No space left on device : '{scratch.Path}/file'", NoSpace);

        var error = await Assert.ThrowsAsync<ScratchFolderException>(() => scratch.UseAsync<int>(_ => throw full));

        Assert.Same(full, error.InnerException);
        Assert.StartsWith(
            $"The disk of the temporary folder '{Path.GetDirectoryName(scratch.Path)}' is full: ",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains(ScratchFolder.Variable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Use_OfADiskThatIsReallyFull_NamesTheFolderAndTheVariable()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A small disk is made as Linux makes one.");
        using var folder = new TemporaryFolder();

        var output = await RunProgramAsync(folder.Path, $"mount -t tmpfs -o size=64k tmpfs '{folder.Path}' && ", "fill");

        Assert.StartsWith(
            $"ScratchFolderException: The disk of the temporary folder '{folder.Path}' is full: No space left",
            output,
            StringComparison.Ordinal);
        Assert.Contains("TMPDIR", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "missing", "it does not exist.")]
    [InlineData("a-file", "a-file", "it is not a folder.")]
    [InlineData("/sys/kernel", "/sys/kernel", "Operation not permitted")]
    public async Task Create_WhereNoFolderCanBe_NamesTheFolderTheVariableAndTheReason(string variable, string named, string reason)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Directory.Exists("/sys/kernel"),
            "Needs Linux's /sys, where not even root may create a file.");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["a-file"], "", TestContext.Current.CancellationToken);
        var temporary = Path.Combine(folder.Path, variable);

        var output = await RunProgramAsync(temporary, "", "create");

        Assert.StartsWith(
            $"ScratchFolderException: Cannot create a temporary folder in '{Path.Combine(folder.Path, named)}': {reason}",
            output,
            StringComparison.Ordinal);
        Assert.Contains("Set TMPDIR to an existing folder", output, StringComparison.Ordinal);
    }

    private const int NoSpace = 28;

    private static async Task<string> RunProgramAsync(string temporary, string before, string argument)
    {
        var unshare = InstalledProgram.Require("unshare");
        var program = Path.Combine(AppContext.BaseDirectory, "MnistLab.StorageProgram.dll");
        string[] arguments = ["--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            $"{before}exec '{DotnetHost.Path}' '{program}' scratch {argument}"];
        using var process = Process.Start(new ProcessStartInfo(unshare, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = temporary },
        })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (output.Length == 0 && (await errors).StartsWith("unshare", StringComparison.Ordinal))
            Assert.Skip($"Namespaces are not permitted here: {await errors}");
        return output + await errors;
    }
}
