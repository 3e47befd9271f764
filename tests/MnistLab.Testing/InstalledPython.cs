using System.Diagnostics;
using Xunit;

namespace MnistLab.Testing;

/// <summary>
/// Locates the first Python on the machine that has a module: the first one in the PATH is often not the one that has
/// Jupyter.
/// </summary>
public static class InstalledPython
{
    /// <summary>
    /// Returns the path of the interpreter. If there is none, the test is skipped, visibly; with <c>CI=true</c>, it
    /// fails.
    /// </summary>
    public static string RequireWith(string module)
    {
        _ = InstalledProgram.Require("python3");
        var python = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "python3"))
            .FirstOrDefault(path => File.Exists(path) && Has(path, module));
        if (python is not null) return python;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"No python3 has the module {module}, and CI has to have it: see .ci/run.");
        Assert.Skip($"No python3 on the PATH has the module {module}.");
        return "";
    }

    private static bool Has(string python, string module)
    {
        using var process = Process.Start(new ProcessStartInfo(python)
        {
            ArgumentList = { "-c", $"import {module}" },
            RedirectStandardError = true
        })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
