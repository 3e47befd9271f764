using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace MnistLab.Testing;

/// <summary>Installs the kernels of .NET Interactive (.NET tool Microsoft.dotnet-interactive) for Jupyter.</summary>
public static class DotNetInteractive
{
    /// <summary>The name of the executable of the tool.</summary>
    public const string Program = "dotnet-interactive";

    /// <summary>The name of the C# kernel.</summary>
    public const string KernelName = ".net-csharp";

    private const int PortCount = 100;

    // Turns off telemetry and the welcome message.
    private static readonly Dictionary<string, string> Quiet = new()
    {
        ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
        ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
    };

    /// <summary>
    /// Installs the kernels with the tool's own <c>jupyter install</c> and restricts the C# kernel's web server,
    /// which listens on every network address by default, to loopback.
    /// </summary>
    /// <param name="program">The path of the tool's executable.</param>
    /// <param name="dataFolder">The folder that <c>JUPYTER_DATA_DIR</c> names when the kernels are used.</param>
    /// <returns>The folder of the C# kernel's specification.</returns>
    /// <exception cref="InvalidOperationException">The tool failed; the message contains its output.</exception>
    public static async Task<string> InstallAsync(string program, string dataFolder)
    {
        // If this folder is missing, the tool installs nothing.
        var kernels = Directory.CreateDirectory(Path.Combine(dataFolder, "kernels")).FullName;
        var start = new ProcessStartInfo(program, ["jupyter", "install", "--http-port-range", FreePorts()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["JUPYTER_DATA_DIR"] = dataFolder;
        foreach (var (name, value) in Quiet) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var file = Path.Combine(kernels, KernelName, "kernel.json");
        if (process.ExitCode != 0 || !File.Exists(file))
            throw new InvalidOperationException($"{program} jupyter install failed: {await output}{await error}");

        var specification = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
        // The command "dotnet interactive" would search the PATH for the tool and keep one more process running.
        var options = specification["argv"]!.AsArray().Select(argument => (string)argument!);
        string[] arguments = [program, .. options.SkipWhile(argument => argument != "jupyter"), "--http-local-only"];
        specification["argv"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]);
        specification["env"] = new JsonObject();
        foreach (var (name, value) in Quiet) specification["env"]![name] = value;
        await File.WriteAllTextAsync(file, specification.ToJsonString());
        return Path.GetDirectoryName(file)!;
    }

    // The kernel tries the ports of the range in order.
    private static string FreePorts()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var first = Math.Min(((IPEndPoint)listener.LocalEndpoint).Port, IPEndPoint.MaxPort - PortCount);
        return string.Create(CultureInfo.InvariantCulture, $"{first}-{first + PortCount}");
    }
}
