using System.Diagnostics;
using MnistLab.Storage.Configuration;

namespace MnistLab.EndToEnd;

/// <summary>Tests the management of access keys from the command line.</summary>
public sealed class KeysCommandTests
{
    private const string Id = "AKIDOFTHETEST0001";
    private const string Secret = "a-secret-that-no-command-prints";

    [Fact]
    public async Task Keys_AddWithTheSecretFromStandardInput_StoresItForTheOwner_AndNoCommandPrintsIt()
    {
        await using var workspace = new CopiedWorkspace();

        var added = await AddAsync(workspace, "keys", "add", "https://obs.example", "--id", Id);
        var keys = new AccessKeys(workspace.PathOf("settings"));
        var key = Assert.Single(keys.List());
        var stored = await File.ReadAllTextAsync(keys.File);
        var listed = await workspace.RunAsync(null, "keys", "list");
        var deleted = await workspace.RunAsync(null, "keys", "delete", key.Id);

        Assert.Equal((0, 0, 0), (added.ExitCode, listed.ExitCode, deleted.ExitCode));
        Assert.True(key.IsUsed);
        Assert.Contains(Secret, stored, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys.File));
        Assert.Matches($@"^{key.Id}  …0001  in use  https://obs\.example/ ", listed.Output);
        Assert.Empty(keys.List());
        var everything = string.Concat(
            added.Output, added.Error, listed.Output, listed.Error, deleted.Output, deleted.Error);
        Assert.DoesNotContain(Secret, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Id, everything, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> AddAsync(
        CopiedWorkspace workspace, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "mnistlab.dll");
        var start = workspace.StartInfo(null, "dotnet", [program, .. arguments]);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(Secret);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
