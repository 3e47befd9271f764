namespace MnistLab.Studio.Console.Objects;

/// <summary>Specifies the status of an upload.</summary>
internal enum UploadStatus
{
    /// <summary>The upload is in progress.</summary>
    Running,

    /// <summary>The store holds the object.</summary>
    Completed,

    /// <summary>The store rejected a request or failed.</summary>
    Failed,

    /// <summary>The user or the browser canceled the upload.</summary>
    Canceled,
}
