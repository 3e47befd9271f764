namespace MnistLab.Studio.Console.Objects;

/// <summary>
/// Represents the uploads of all pages. An upload continues when its page navigates elsewhere.
/// </summary>
internal sealed class Uploads
{
    private readonly Lock _lock = new();
    private readonly List<Upload> _uploads = [];

    /// <summary>Occurs when an upload starts, progresses, ends, or is removed; raised on any thread.</summary>
    public event Action? Changed;

    /// <summary>Gets the uploads that were not removed, in the order in which they started.</summary>
    public IReadOnlyList<Upload> All
    {
        get
        {
            lock (_lock) return [.. _uploads];
        }
    }

    /// <summary>Starts an upload.</summary>
    /// <param name="target">The target address.</param>
    /// <param name="length">The length in bytes; null if unknown.</param>
    /// <param name="aborted">Cancels the upload when the browser disconnects.</param>
    public Upload Begin(string target, long? length, CancellationToken aborted)
    {
        var upload = new Upload(target, length, () => Changed?.Invoke(), aborted);
        lock (_lock) _uploads.Add(upload);
        Changed?.Invoke();
        return upload;
    }

    /// <summary>Removes the uploads that have ended.</summary>
    public void Forget()
    {
        lock (_lock) _uploads.RemoveAll(upload => upload.Status != UploadStatus.Running);
        Changed?.Invoke();
    }
}
