using MnistLab.Data.Workspaces;
using MnistLab.Testing;
using MnistLab.Training.Tests.Workers;

namespace MnistLab.Training.Tests.Launchers;

/// <summary>Tests a job whose workers run on two machines, which reach each other only over TCP.</summary>
public sealed class HostFileTests
{
    [Fact]
    public async Task Job_WithAHostFile_RunsItsWorkersOnTheMachines()
    {
        Mpiexec.Require();
        using var network = HostNetwork.Create(2);
        using var folder = new TemporaryFolder();
        var before = network.SentBytes(2);

        (string, string?)[] variables =
        [
            .. network.Variables.Select(variable => (variable.Key, (string?)variable.Value)),
            ("MNISTLAB_SAMPLE", Workspace.Find(AppContext.BaseDirectory).SampleFolder),
            (Workspace.HomeVariable, null),
        ];
        var command = network.OnFirst("dotnet", Mpiexec.Program, "hosts", folder.Path, network.HostFile);
        var (exitCode, text) = await Mpiexec.RunAsync(command, variables);

        Assert.True(exitCode == 0, text);
        Assert.Equal(
            ["Completed: ", $"0 of 2 on {Environment.MachineName}", "1 of 2 on node-2"],
            text.TrimEnd().Split('\n'));
        // 20 steps, each with the gradients of 61,706 parameters.
        Assert.InRange(network.SentBytes(2) - before, 20 * 61_706 * 4, long.MaxValue);
    }
}
