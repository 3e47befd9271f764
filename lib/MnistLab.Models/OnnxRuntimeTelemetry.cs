using System.Runtime.InteropServices;

namespace MnistLab.Models;

/// <summary>Prevents ONNX Runtime from sending usage data to its vendor, as its packages do by default.</summary>
internal static partial class OnnxRuntimeTelemetry
{
    // Documented in ONNX Runtime's Privacy.md; read once, before the first session.
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<bool> Disabled = new(() =>
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        // On Unix, .NET changes only its own copy of the environment, which native code does not see.
        return OperatingSystem.IsWindows() || SetVariable(Variable, "1", overwrite: 1) == 0;
    });

    /// <summary>
    /// Disables telemetry in this process and its child processes. Call this before the first use of ONNX Runtime.
    /// </summary>
    public static void Disable() => _ = Disabled.Value;

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
