using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace MnistLab.Testing;

/// <summary>
/// Simulates several machines on one: Linux network namespaces, each with a name and an address, connected by a bridge.
/// Programs in them reach the others only over TCP.
/// </summary>
public sealed class HostNetwork : IDisposable
{
    private const string Interface = "eth0";

    // The headers of packets of 1,500 bytes would distort the counted bytes.
    private const string PacketSize = "65000";

    private readonly TemporaryFolder _folder = new();
    private readonly string _prefix = $"mnist{Guid.NewGuid().ToString("N")[..6]}";
    private readonly List<string> _namespaces = [];

    private HostNetwork(int count) => Count = count;

    /// <summary>Gets the number of machines.</summary>
    public int Count { get; }

    /// <summary>Gets the path of the host file.</summary>
    public string HostFile => _folder["hosts"];

    /// <summary>
    /// Gets the variables with which MPICH starts processes on the machines, as it would with <c>ssh</c>, and uses
    /// their network.
    /// </summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["HYDRA_LAUNCHER"] = "ssh",
        ["HYDRA_LAUNCHER_EXEC"] = _folder["connect"],
        ["HYDRA_IFACE"] = Interface,
        ["UCX_TLS"] = "tcp,self",
        ["UCX_NET_DEVICES"] = Interface,
    };

    /// <summary>Creates the machines; returns null if that is not permitted.</summary>
    public static HostNetwork? TryCreate(int count)
    {
        if (!OperatingSystem.IsLinux() || InstalledProgram.Find("ip") is null) return null;
        var network = new HostNetwork(count);
        if (network.TryStart()) return network;
        network.Dispose();
        return null;
    }

    /// <summary>
    /// Creates the machines. If that is not possible, the test is skipped, visibly; with <c>CI=true</c>, it fails.
    /// </summary>
    public static HostNetwork Create(int count)
    {
        InstalledProgram.Require("ip");
        InstalledProgram.Require("unshare");
        if (TryCreate(count) is { } network) return network;
        const string Reason = "Network namespaces are not permitted here.";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Reason);
        Assert.Skip(Reason);
        throw new InvalidOperationException(Reason);
    }

    /// <summary>Returns a command that runs another one on the first machine.</summary>
    public string[] OnFirst(params string[] command) => ["ip", "netns", "exec", NameOf(1), .. command];

    /// <summary>Returns the number of bytes that a machine has sent.</summary>
    /// <param name="host">The number of the machine, from 1.</param>
    public long SentBytes(int host)
    {
        var text = Run("ip", "netns", "exec", NameOf(host), "cat", $"/sys/class/net/{Interface}/statistics/tx_bytes");
        return long.Parse(text.Output, CultureInfo.InvariantCulture);
    }

    /// <summary>Removes the machines.</summary>
    public void Dispose()
    {
        foreach (var name in _namespaces) Run("ip", "netns", "del", name);
        _folder.Dispose();
    }

    private bool TryStart()
    {
        var bridge = $"{_prefix}-0";
        if (!Add(bridge)) return false;
        Require("ip", "-n", bridge, "link", "add", "bridge0", "mtu", PacketSize, "type", "bridge");
        Require("ip", "-n", bridge, "link", "set", "bridge0", "up");
        for (var host = 1; host <= Count; host++)
        {
            var (name, port) = (NameOf(host), FormattableString.Invariant($"port{host}"));
            if (!Add(name)) return false;
            string[] link = ["ip", "link", "add", Interface, "mtu", PacketSize, "netns", name, "type", "veth"];
            Require([.. link, "peer", "name", port, "mtu", PacketSize, "netns", bridge]);
            Require("ip", "-n", bridge, "link", "set", port, "master", "bridge0", "up");
            Require("ip", "-n", name, "addr", "add", $"{AddressOf(host)}/24", "dev", Interface);
            Require("ip", "-n", name, "link", "set", Interface, "up");
            Require("ip", "-n", name, "link", "set", "lo", "up");
        }

        File.WriteAllLines(HostFile, Enumerable.Range(1, Count).Select(AddressOf));
        // Replaces ssh; the arguments are options, the machine, and the command.
        File.WriteAllText(
            _folder["connect"],
            $$"""
            #!/bin/sh
            while [ "$1" != "${1#-}" ]; do shift; done
            number=${1##*.}
            shift
            exec ip netns exec {{_prefix}}-$number unshare --uts sh -c "hostname node-$number; exec $*"

            """);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            File.SetUnixFileMode(_folder["connect"], Mode);
        }

        return WaitForLinks();
    }

    /// <summary>A link starts to carry data a moment after it is enabled.</summary>
    private bool WaitForLinks()
    {
        var since = Stopwatch.GetTimestamp();
        for (var host = 1; host <= Count; host++)
        {
            var state = $"/sys/class/net/{Interface}/operstate";
            while (Run("ip", "netns", "exec", NameOf(host), "cat", state).Output.Trim() != "up")
            {
                if (Stopwatch.GetElapsedTime(since) > Patience.Limit) return false;
            }
        }

        return true;
    }

    private bool Add(string name)
    {
        if (Run("ip", "netns", "add", name).ExitCode != 0) return false;
        _namespaces.Add(name);
        return true;
    }

    private string NameOf(int host) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{host}");

    private static string AddressOf(int host) => string.Create(CultureInfo.InvariantCulture, $"10.77.0.{host}");

    private static void Require(params string[] command)
    {
        var (exitCode, output) = Run(command);
        if (exitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} failed: {output}");
    }

    private static (int ExitCode, string Output) Run(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
