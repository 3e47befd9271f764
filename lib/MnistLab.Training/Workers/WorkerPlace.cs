using System.Globalization;

namespace MnistLab.Training.Workers;

/// <summary>Represents the place of a process among the workers that a launcher started together.</summary>
/// <param name="Index">The index of the worker, from 0: its rank in MPI.</param>
/// <param name="Count">The number of workers, at least 1.</param>
internal sealed record WorkerPlace(int Index, int Count)
{
    private const string OpenMpiCount = "OMPI_COMM_WORLD_SIZE";

    /// <summary>Gets the place of this process. Without a launcher, this process is the only worker.</summary>
    /// <exception cref="MpiException">
    /// A launcher started several processes, but they cannot find each other; the message says what to use instead.
    /// </exception>
    public static WorkerPlace Current => Find(Environment.GetEnvironmentVariable);

    /// <summary>
    /// Gets whether this is the first worker, which alone writes checkpoints, metrics logs, and the model.
    /// </summary>
    public bool IsFirst => Index == 0;

    /// <summary>Gets whether this is the only worker.</summary>
    public bool IsAlone => Count == 1;

    /// <summary>Gets the name of the worker, such as <c>worker-0</c>.</summary>
    public string Name => NameOf(Index);

    /// <summary>Returns the name of a worker.</summary>
    public static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"worker-{index}");

    /// <summary>Reads the place from the environment variables set by a process manager.</summary>
    /// <param name="variable">Returns the value of an environment variable; null if it is not set.</param>
    /// <exception cref="MpiException">Several processes were started, but they cannot find each other.</exception>
    public static WorkerPlace Find(Func<string, string?> variable)
    {
        int Number(string name, int fallback) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : fallback;

        // The process managers of MPICH, Intel MPI, MVAPICH, and Microsoft MPI, and srun --mpi=pmi2.
        if (Number("PMI_SIZE", 0) is > 0 and var count) return new WorkerPlace(Number("PMI_RANK", 0), count);
        if (Number(OpenMpiCount, 1) > 1)
        {
            throw new MpiException(
                "This program was started by the mpiexec of Open MPI, whose binary interface differs from that of "
                + $"MPICH, which this library uses. Start it with MPICH's. {MpiLibrary.Installation}");
        }

        if (Number("SLURM_STEP_NUM_TASKS", 1) is > 1 and var tasks)
        {
            throw new MpiException(FormattableString.Invariant(
                $"srun started this program {tasks} times, but not as MPI processes: each would train alone and ")
                + "overwrite the files of the others. Start it with: srun --mpi=pmi2 …");
        }

        return new WorkerPlace(0, 1);
    }
}
