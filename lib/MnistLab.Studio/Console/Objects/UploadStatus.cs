namespace MnistLab.Studio.Console.Objects;

/// <summary>Where an upload stands.</summary>
internal enum UploadStatus
{
    /// <summary>It is going on.</summary>
    Running,

    /// <summary>The store holds the object.</summary>
    Completed,

    /// <summary>The store refused or failed.</summary>
    Failed,

    /// <summary>The user or the browser has ended it.</summary>
    Canceled,
}
