namespace MnistLab.Cli;

/// <summary>What the command's exit tells scripts.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>What was asked for was tried, and failed.</summary>
    public const int Failure = 1;

    /// <summary>What was asked for makes no sense here: a missing file, a wrong setting.</summary>
    public const int Usage = 2;

    /// <summary>Ended by Ctrl+C; shells say 128 and the number of the signal.</summary>
    public const int Interrupted = 130;
}
