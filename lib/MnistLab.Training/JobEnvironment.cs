using MnistLab.Training.Workers;

namespace MnistLab.Training;

/// <summary>What a boot file can ask of the platform that runs it.</summary>
public static class JobEnvironment
{
    private static readonly AsyncLocal<CancellationToken> Token = new();
    private static readonly AsyncLocal<JobOrigin?> CurrentOrigin = new();

    /// <summary>
    /// Is cancelled when the job is asked to stop: by its user, by its time being over, or because the machine shuts
    /// down. Pass it to <see cref="Mox.Run"/>, which then saves a checkpoint and ends.
    /// A program that does not end within half a minute is ended. Outside of a job it is never cancelled.
    /// </summary>
    public static CancellationToken Stopping
    {
        get => Token.Value;
        internal set => Token.Value = value;
    }

    /// <summary>
    /// Gets the index of the worker that runs the boot file, from 0. Each worker of a job with several runs the same
    /// boot file.
    /// </summary>
    /// <exception cref="MpiException">
    /// Several processes were started together that cannot find each other.
    /// </exception>
    public static int WorkerIndex => WorkerPlace.Current.Index;

    /// <summary>Gets the number of workers of the job, at least 1.</summary>
    /// <inheritdoc cref="WorkerIndex" path="/exception"/>
    public static int WorkerCount => WorkerPlace.Current.Count;

    /// <summary>
    /// Gets whether this is the first worker: the one that writes what the others need not write again, such as the
    /// model.
    /// </summary>
    /// <inheritdoc cref="WorkerIndex" path="/exception"/>
    public static bool IsFirstWorker => WorkerPlace.Current.IsFirst;

    /// <summary>Gets the job that runs the boot file; null outside of a job.</summary>
    public static JobOrigin? Origin
    {
        get => CurrentOrigin.Value;
        internal set => CurrentOrigin.Value = value;
    }
}
