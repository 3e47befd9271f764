namespace MnistLab.Studio.Components;

/// <summary>Specifies the kind of a notice.</summary>
public enum NoticeKind
{
    /// <summary>A piece of information.</summary>
    Information,

    /// <summary>An action succeeded.</summary>
    Success,

    /// <summary>The user should check or decide something.</summary>
    Warning,

    /// <summary>An action failed.</summary>
    Error,
}
