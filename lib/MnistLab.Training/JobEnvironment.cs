using MnistLab.Training.Workers;

namespace MnistLab.Training;

/// <summary>Gives a boot file access to the job that runs it.</summary>
public static class JobEnvironment
{
    private static readonly AsyncLocal<CancellationToken> Token = new();
    private static readonly AsyncLocal<JobOrigin?> CurrentOrigin = new();

    /// <summary>
    /// Gets a token that is canceled when the job is to stop: on the user's request, when its time limit is reached, or
    /// when the machine shuts down. Pass it to <c>Mox.Run</c>, which then saves a checkpoint and ends. A program
    /// that is still running after half a minute is killed. Outside a job, the token is never canceled.
    /// </summary>
    public static CancellationToken Stopping
    {
        get => Token.Value;
        internal set => Token.Value = value;
    }

    /// <summary>
    /// Gets the index of the worker that runs the boot file, from 0. In a job with several workers, each runs the same
    /// boot file.
    /// </summary>
    /// <exception cref="MpiException">Several processes were started together but cannot find each other.</exception>
    public static int WorkerIndex => WorkerPlace.Current.Index;

    /// <summary>Gets the number of workers of the job, at least 1.</summary>
    /// <inheritdoc cref="WorkerIndex" path="/exception"/>
    public static int WorkerCount => WorkerPlace.Current.Count;

    /// <summary>
    /// Gets whether this is the first worker, which alone writes the shared results, such as the model.
    /// </summary>
    /// <inheritdoc cref="WorkerIndex" path="/exception"/>
    public static bool IsFirstWorker => WorkerPlace.Current.IsFirst;

    /// <summary>Gets the job that runs the boot file; null outside a job.</summary>
    public static JobOrigin? Origin
    {
        get => CurrentOrigin.Value;
        internal set => CurrentOrigin.Value = value;
    }
}
