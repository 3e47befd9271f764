namespace MnistLab.Kernel;

/// <summary>Whether code can be run as it stands.</summary>
public enum Completeness
{
    /// <summary>It can be run.</summary>
    Complete,

    /// <summary>Something is to come: a closing brace, the rest of a statement.</summary>
    Incomplete,

    /// <summary>No continuation would make it valid.</summary>
    Invalid,
}
