namespace MnistLab.Training;

/// <summary>What a boot file can ask of the platform that runs it.</summary>
public static class JobEnvironment
{
    private static readonly AsyncLocal<CancellationToken> Token = new();

    /// <summary>
    /// Is cancelled when the job is asked to stop: by its user, by its time being over, or because the machine shuts down. Pass it to <see cref="Mox.Run"/>, which then saves a checkpoint and ends.
    /// A program that does not end within half a minute is ended. Outside of a job it is never cancelled.
    /// </summary>
    public static CancellationToken Stopping
    {
        get => Token.Value;
        internal set => Token.Value = value;
    }
}
