using System.Diagnostics;
using Xunit;

namespace MnistLab.Testing;

/// <summary>
/// Runs commands in a separate network with only a loopback interface: every port in it is free, and no outside program
/// can connect. The processes that the commands start end with them.
/// </summary>
public static class PrivateNetwork
{
    // A separate process namespace: when its first process ends, so do all others.
    private static readonly string[] Isolated =
    [
        "unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
        "sh", "-c", "ip link set lo up && \"$@\"", "sh",
    ];

    /// <summary>
    /// Checks that such networks are permitted. If not, the test is skipped, visibly; with <c>CI=true</c>, it fails.
    /// </summary>
    public static void Require()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Network namespaces are Linux's.");
        InstalledProgram.Require("unshare");
        InstalledProgram.Require("ip");
        var start = new ProcessStartInfo(Isolated[0], [.. Isolated[1..], "true"]) { RedirectStandardError = true };
        using var probe = Process.Start(start)!;
        probe.WaitForExit();
        if (probe.ExitCode == 0) return;
        const string Reason = "Network namespaces are not permitted here.";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Reason);
        Assert.Skip(Reason);
    }

    /// <summary>Runs a command and waits until it ends.</summary>
    /// <param name="command">The command, with its output redirected.</param>
    /// <param name="programs">.NET programs that the command finds by name: the name, and the path of the DLL.</param>
    /// <returns>The exit code and all output of the command.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        ProcessStartInfo command, params (string Name, string Path)[] programs)
    {
        ArgumentNullException.ThrowIfNull(command);
        using var folder = new TemporaryFolder();
        foreach (var (name, path) in programs)
        {
            File.WriteAllText(folder[name], $"#!/bin/sh\nexec dotnet '{path}' \"$@\"\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder[name], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var words = (string[])[.. Isolated[1..], command.FileName, .. command.ArgumentList];
        command.FileName = Isolated[0];
        command.ArgumentList.Clear();
        foreach (var word in words) command.ArgumentList.Add(word);
        // Administrators' programs, such as nginx, may be in folders that are not in the PATH of other users.
        command.Environment["PATH"] = $"{folder.Path}:{command.Environment["PATH"]}:/usr/sbin";
        using var process = Process.Start(command)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
