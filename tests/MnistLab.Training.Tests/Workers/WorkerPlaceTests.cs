using MnistLab.Training.Inputs;
using MnistLab.Training.Workers;

namespace MnistLab.Training.Tests.Workers;

/// <summary>Tests how a worker determines its place, and finds the library that connects it with the others.</summary>
public sealed class WorkerPlaceTests
{
    [Fact]
    public void Place_WithoutALauncher_IsThatOfTheOnlyWorker() =>
        Assert.Equal(new WorkerPlace(0, 1), WorkerPlace.Find(_ => null));

    [Fact]
    public void Place_UnderAProcessManager_IsItsRank() =>
        Assert.Equal("worker-2", Find(("PMI_RANK", "2"), ("PMI_SIZE", "3")).Name);

    [Fact]
    public void Place_UnderOpenMpi_IsRefused() =>
        Assert.Contains("Open MPI", Refused(("OMPI_COMM_WORLD_SIZE", "2")), StringComparison.Ordinal);

    [Fact]
    public void Place_OfOneProcessUnderOpenMpi_IsThatOfTheOnlyWorker() =>
        Assert.True(Find(("OMPI_COMM_WORLD_SIZE", "1")).IsAlone);

    [Fact]
    public void Place_UnderSrunWithoutMpi_IsRefused() =>
        Assert.Contains("srun --mpi=pmi2", Refused(("SLURM_STEP_NUM_TASKS", "4")), StringComparison.Ordinal);

    [Theory]
    [InlineData(50, 3, "0+17 17+17 34+16")]
    [InlineData(4, 4, "0+1 1+1 2+1 3+1")]
    [InlineData(7, 1, "0+7")]
    public void Share_OfABatch_IsASliceAsLargeAsTheOthers(int total, int workers, string expected) => Assert.Equal(
        expected,
        string.Join(' ', Enumerable.Range(0, workers)
            .Select(worker => BatchShare.Divide(total, worker, workers))
            .Select(share => FormattableString.Invariant($"{share.First}+{share.Count}"))));

    [Fact]
    public void Library_ThatIsMissing_NamesWhatToInstall()
    {
        var error = Assert.Throws<MpiException>(() => MpiLibrary.Find(_ => 0, isWindows: false));
        Assert.Contains("apt-get install mpich", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("There is Open MPI", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_OfOpenMpiOnly_IsRefusedWithTheReason()
    {
        var error = Assert.Throws<MpiException>(
            () => MpiLibrary.Find(name => name.Contains(".40", StringComparison.Ordinal) ? 1 : 0, isWindows: false));
        Assert.Contains("There is Open MPI", error.Message, StringComparison.Ordinal);
        Assert.Contains("whose binary interface differs", error.Message, StringComparison.Ordinal);
    }

    private static string Refused(params (string Name, string Value)[] variables) =>
        Assert.Throws<MpiException>(() => Find(variables)).Message;

    private static WorkerPlace Find(params (string Name, string Value)[] variables) =>
        WorkerPlace.Find(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
