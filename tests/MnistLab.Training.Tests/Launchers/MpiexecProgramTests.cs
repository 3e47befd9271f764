using MnistLab.Testing;
using MnistLab.Training.Jobs;

namespace MnistLab.Training.Tests.Launchers;

/// <summary>Tests that only the <c>mpiexec</c> of MPICH starts workers.</summary>
public sealed class MpiexecProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_WithoutMpi_NamesTheFieldAndWhatToInstall()
    {
        var error = Assert.Throws<TrainingJobException>(() => MpiexecProgram.Find(_folder.Path));

        Assert.StartsWith("worker_server_num is more than 1, which needs MPI", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install mpich", error.Message, StringComparison.Ordinal);
        Assert.Contains("one worker needs no MPI", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mpiexec (OpenRTE) 4.1.4")]
    [InlineData("mpirun (Open MPI) 5.0.3")]
    public void Find_WithOpenMpiOnly_RefusesItWithTheReason(string version)
    {
        Script("mpiexec", version);

        var error = Assert.Throws<TrainingJobException>(() => MpiexecProgram.Find(_folder.Path));

        Assert.Contains(
            $"{_folder["mpiexec"]} belongs to Open MPI, whose binary interface differs",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Find_WithBoth_TakesMpich()
    {
        Script("mpiexec", "mpiexec (OpenRTE) 4.1.4");
        Script("mpiexec.mpich", "HYDRA build details:");

        Assert.Equal(_folder["mpiexec.mpich"], MpiexecProgram.Find(_folder.Path));
    }

    private void Script(string name, string version)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has one MPI only.");
        File.WriteAllText(_folder[name], $"#!/bin/sh\necho '{version}'\n");
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
