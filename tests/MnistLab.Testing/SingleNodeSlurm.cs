using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Xunit;

namespace MnistLab.Testing;

/// <summary>
/// Represents a real Slurm cluster with one node, this machine, for the tests of one class. It has a separate
/// configuration, ports, and state, and uses no control groups, so that it also runs in a container.
/// </summary>
public sealed class SingleNodeSlurm : IAsyncLifetime
{
    /// <summary>The environment variable that names the configuration file of a cluster.</summary>
    public const string ConfigurationVariable = "SLURM_CONF";

    private const int Processors = 4;

    private static readonly string[] Programs = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo"];
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("slurm-").FullName;
    private readonly List<Process> _daemons = [];
    private string? _before;

    /// <summary>Gets the configuration file of the cluster.</summary>
    public string ConfigurationFile => At("slurm.conf");

    /// <summary>Checks that the cluster is available. If the programs are missing, the test is skipped.</summary>
    public static void Require()
    {
        foreach (var program in Programs) InstalledProgram.Require(program);
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Programs.Any(program => InstalledProgram.Find(program) is null)) return;
        var munge = Directory.CreateDirectory(At("munge")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(munge, "key"), RandomNumberGenerator.GetBytes(1024));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(munge, "key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (var name in new[] { "controller", "node" }) Directory.CreateDirectory(At(name));
        await File.WriteAllTextAsync(At("slurm.conf"), Configuration(munge));
        await File.WriteAllTextAsync(At("cgroup.conf"), "CgroupAutomount=no\n");
        // Used by Slurm's commands, which the code under test runs, and by the jobs.
        _before = Environment.GetEnvironmentVariable(ConfigurationVariable);
        Environment.SetEnvironmentVariable(ConfigurationVariable, At("slurm.conf"));

        string[] files =
        [
            $"--key-file={munge}/key", $"--socket={munge}/socket", $"--pid-file={munge}/pid",
            $"--log-file={munge}/log", $"--seed-file={munge}/seed",
        ];
        Start("munged", ["--foreground", "--force", .. files]);
        await WaitAsync("munged", () => Task.FromResult(File.Exists(Path.Combine(munge, "socket"))));
        Start("slurmctld", ["-D"]);
        Start("slurmd", ["-D"]);
        await WaitAsync("slurmctld", async () =>
        {
            var states = await RunAsync("sinfo", "--noheader", "--format=%T");
            return states.StartsWith("idle", StringComparison.Ordinal);
        });
    }

    /// <summary>Runs a command of Slurm, and returns its output; empty if it fails.</summary>
    public static async Task<string> RunAsync(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await errors;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : "";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The node first, because it ends the jobs that still run.
        foreach (var daemon in Enumerable.Reverse(_daemons))
        {
            using var term = Process.Start("kill", ["-TERM", daemon.Id.ToString(CultureInfo.InvariantCulture)]);
            using var patience = new CancellationTokenSource(Patience.Limit);
            await daemon.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!daemon.HasExited) daemon.Kill();
            daemon.Dispose();
        }

        Environment.SetEnvironmentVariable(ConfigurationVariable, _before);
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string At(string name) => Path.Combine(_folder, name);

    private void Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(InstalledProgram.Find(program)!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        var process = Process.Start(start)!;
        // The output is read so that the daemon never blocks; its log files have the same content.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _daemons.Add(process);
    }

    private async Task WaitAsync(string daemon, Func<Task<bool>> isReady)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await isReady())
        {
            if (Stopwatch.GetElapsedTime(since) > TimeToStart || _daemons.Exists(started => started.HasExited))
            {
                var logs = Directory.GetFiles(_folder, "*.log").Select(File.ReadAllText);
                throw new InvalidOperationException($"{daemon} does not start:{Environment.NewLine}{string.Join('\n', logs)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private string Configuration(string munge)
    {
        var (host, user) = (Dns.GetHostName().Split('.')[0], Environment.UserName);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            ClusterName=mnistlab
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={FreePort()}
            SlurmdPort={FreePort()}
            SlurmUser={user}
            SlurmdUser={user}
            AuthType=auth/munge
            AuthInfo=socket={munge}/socket
            StateSaveLocation={At("controller")}
            SlurmdSpoolDir={At("node")}
            SlurmctldPidFile={At("controller.pid")}
            SlurmdPidFile={At("node.pid")}
            SlurmctldLogFile={At("controller.log")}
            SlurmdLogFile={At("node.log")}
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            SlurmdParameters=config_overrides
            SwitchType=switch/none
            MpiDefault=none
            ReturnToService=2
            KillWait=5
            NodeName={host} NodeAddr=127.0.0.1 CPUs={Processors} State=UNKNOWN
            PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """);
    }
}
