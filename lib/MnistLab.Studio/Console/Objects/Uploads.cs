namespace MnistLab.Studio.Console.Objects;

/// <summary>The uploads of all pages: they go on when the page that began them shows something else.</summary>
internal sealed class Uploads
{
    private readonly Lock _lock = new();
    private readonly List<Upload> _uploads = [];

    /// <summary>Occurs when an upload has come further, ended, or is forgotten; on any thread.</summary>
    public event Action? Changed;

    /// <summary>Gets the uploads that are not forgotten, in the order in which they began.</summary>
    public IReadOnlyList<Upload> All
    {
        get
        {
            lock (_lock) return [.. _uploads];
        }
    }

    /// <summary>Begins an upload.</summary>
    /// <param name="target">The address that is written to.</param>
    /// <param name="length">How many bytes there are; null while unknown.</param>
    /// <param name="aborted">Ends it when the browser is gone.</param>
    public Upload Begin(string target, long? length, CancellationToken aborted)
    {
        var upload = new Upload(target, length, () => Changed?.Invoke(), aborted);
        lock (_lock) _uploads.Add(upload);
        Changed?.Invoke();
        return upload;
    }

    /// <summary>Forgets those that have ended.</summary>
    public void Forget()
    {
        lock (_lock) _uploads.RemoveAll(upload => upload.Status != UploadStatus.Running);
        Changed?.Invoke();
    }
}
