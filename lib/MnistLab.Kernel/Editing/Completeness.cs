namespace MnistLab.Kernel.Editing;

/// <summary>Specifies whether code is complete.</summary>
public enum Completeness
{
    /// <summary>The code can be run.</summary>
    Complete,

    /// <summary>More input is needed, such as a closing brace or the rest of a statement.</summary>
    Incomplete,

    /// <summary>No continuation would make the code valid.</summary>
    Invalid,
}
