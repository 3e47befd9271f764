namespace MnistLab.Kernel;

/// <summary>Defines the exit codes of the commands.</summary>
public static class ExitCodes
{
    /// <summary>The command succeeded.</summary>
    public const int Success = 0;

    /// <summary>The command ran, and what it ran failed.</summary>
    public const int Failure = 1;

    /// <summary>Nothing was run: a file is missing, or an argument is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Ended by Ctrl+C; shells say 128 and the number of the signal.</summary>
    public const int Interrupted = 130;
}
