using System.Diagnostics;
using System.Globalization;
using System.Net;
using MnistLab.Data.Workspaces;
using MnistLab.Serving.Deployment;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests.Foreground;

/// <summary>Represents nginx with the configuration of the documented example, on free ports.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;
    private readonly Task<string> _errors;

    private NginxProcess(string program, string configuration, int port)
    {
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var file = _folder["nginx.conf"];
        File.WriteAllText(file, configuration);
        string[] arguments = ["-p", _folder.Path, "-c", file, "-e", "stderr", "-g", "daemon off;"];
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Gets the address of the load balancer.</summary>
    public Uri Url { get; }

    /// <summary>
    /// Starts nginx in front of these ports. If nginx is missing, the test is skipped, visibly; with <c>CI=true</c>, it
    /// fails.
    /// </summary>
    public static NginxProcess Start(IReadOnlyList<int> replicas)
    {
        // Debian installs it in a folder that is in the PATH of administrators only.
        var program = InstalledProgram.Find("nginx")
            ?? (File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : InstalledProgram.Require("nginx"));
        var configuration = File.ReadAllText(Path.Combine(Workspace.Find().Root, "deploy", "nginx", "nginx.conf"));
        var port = FreePort.Choose(null, IPAddress.Loopback, Random.Shared);
        int[] ports = [port, .. replicas];
        for (var index = 0; index < ports.Length; index++)
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{8080 + index}");
            Assert.Contains(address, configuration, StringComparison.Ordinal);
            configuration = configuration.Replace(
                address, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ports[index]}"), StringComparison.Ordinal);
        }

        return new NginxProcess(program, configuration, port);
    }

    public async ValueTask DisposeAsync()
    {
        // Its workers end with it when it is asked to stop, but not when it is killed.
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(await _errors);
        _process.Dispose();
        _folder.Dispose();
    }
}
