namespace MnistLab.Kernel.Documents;

/// <summary>Specifies a text stream of a running program.</summary>
public enum StreamName
{
    /// <summary>Standard output.</summary>
    Stdout,

    /// <summary>Standard error, which carries warnings and progress, and does not necessarily mean a failure.</summary>
    Stderr,
}
