using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace MnistLab.Testing;

/// <summary>Represents a real S3 server on the loopback interface, for the tests of one assembly.</summary>
public sealed class RadosGateway : IAsyncLifetime
{
    public const string AccessKey = "LOCALACCESSKEY";
    public const string SecretKey = "a-secret-that-no-message-shows";

    private static readonly string[] Programs = ["radosgw", "ceph-mon", "ceph-osd", "ceph", "uuidgen", "curl"];
    private readonly string _folder = Directory.CreateTempSubdirectory("rgw-").FullName;
    private bool _isStarted;

    /// <summary>Gets the address of the server. A test that uses it is skipped if the programs are missing.</summary>
    public Uri Endpoint
    {
        get
        {
            foreach (var program in Programs) InstalledProgram.Require(program);
            return field!;
        }

        private set;
    }

    public async ValueTask InitializeAsync()
    {
        if (Programs.Any(program => InstalledProgram.Find(program) is null)) return;
        var (gateway, monitor) = (FreePort(), FreePort());
        Endpoint = new Uri(FormattableString.Invariant($"http://127.0.0.1:{gateway}"));
        // The daemons inherit the script's streams, so its output goes to a file rather than a pipe that would stay open.
        var log = Path.Combine(_folder, "up.log");
        var script = Path.Combine(AppContext.BaseDirectory, "rgw-up.sh");
        using var process = Process.Start("bash", ["-c",
            "exec bash \"$0\" \"$@\" >\"$1/up.log\" 2>&1 </dev/null",
            script,
            _folder,
            gateway.ToString(CultureInfo.InvariantCulture),
            monitor.ToString(CultureInfo.InvariantCulture),
            AccessKey,
            SecretKey]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"radosgw does not start:{Environment.NewLine}{await File.ReadAllTextAsync(log)}");
        _isStarted = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isStarted)
        {
            foreach (var file in Directory.GetFiles(Path.Combine(_folder, "run"), "*.pid"))
            {
                try
                {
                    using var process = Process.GetProcessById(
                        int.Parse((await File.ReadAllTextAsync(file)).Trim(), CultureInfo.InvariantCulture));
                    process.Kill();
                    await process.WaitForExitAsync();
                }
                catch (ArgumentException)
                {
                    // The process has already ended.
                }
            }
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
