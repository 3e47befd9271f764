using System.Diagnostics;

namespace MnistLab.Benchmarks;

/// <summary>Provides the system's Python, with the packages that the peers need.</summary>
internal static class Python
{
    // Not necessarily the first python3 in PATH: Debian's packages are available only in Debian's Python.
    private const string Interpreter = "/usr/bin/python3";

    /// <summary>Returns the interpreter if it has all the modules; otherwise null.</summary>
    public static string? Find(params string[] modules)
    {
        if (!File.Exists(Interpreter)) return null;
        string[] arguments = ["-c", $"import {string.Join(", ", modules)}"];
        using var process = Process.Start(new ProcessStartInfo(Interpreter, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? Interpreter : null;
    }

    /// <summary>Returns the path of one of the programs in <c>peers</c>.</summary>
    public static string PathOf(string program) => Path.Combine(AppContext.BaseDirectory, "peers", program);
}
