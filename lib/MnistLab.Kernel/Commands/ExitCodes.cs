namespace MnistLab.Kernel.Commands;

/// <summary>Defines the exit codes of the commands.</summary>
public static class ExitCodes
{
    /// <summary>The command succeeded.</summary>
    public const int Success = 0;

    /// <summary>The command ran, but a notebook failed.</summary>
    public const int Failure = 1;

    /// <summary>Nothing ran: a file is missing or cannot be used, or an argument is invalid.</summary>
    public const int Usage = 2;

    /// <summary>
    /// The command was interrupted by Ctrl+C. As in shells, the code is 128 plus the number of the signal (SIGINT, 2).
    /// </summary>
    public const int Interrupted = 130;
}
