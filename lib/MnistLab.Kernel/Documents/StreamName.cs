namespace MnistLab.Kernel;

/// <summary>The two text streams of a running program.</summary>
public enum StreamName
{
    /// <summary>Standard output.</summary>
    Stdout,

    /// <summary>Standard error: warnings and progress, not necessarily a failure.</summary>
    Stderr,
}
