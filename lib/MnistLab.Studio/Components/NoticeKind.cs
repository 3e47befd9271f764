namespace MnistLab.Studio.Components;

/// <summary>What a notice is about.</summary>
public enum NoticeKind
{
    /// <summary>Something to know.</summary>
    Information,

    /// <summary>Something has succeeded.</summary>
    Success,

    /// <summary>Something to decide or to look at.</summary>
    Warning,

    /// <summary>Something has failed.</summary>
    Error,
}
