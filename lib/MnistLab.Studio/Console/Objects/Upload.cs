using MnistLab.Storage;

namespace MnistLab.Studio.Console.Objects;

/// <summary>Represents an upload from a browser to the object store, and its progress.</summary>
internal sealed class Upload : IProgress<TransferProgress>, IDisposable
{
    private readonly Action _changed;
    private readonly CancellationTokenSource _cancellation;
    private long _bytesDone;

    public Upload(string target, long? length, Action changed, CancellationToken aborted)
    {
        (Target, Length, _changed) = (target, length, changed);
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(aborted);
    }

    /// <summary>Gets the target address, such as <c>s3://modelarts-example/datasets/train.gz</c>.</summary>
    public string Target { get; }

    /// <summary>Gets the length in bytes; null if the browser does not specify it.</summary>
    public long? Length { get; }

    /// <summary>Gets the number of bytes written to the store.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesDone);

    /// <summary>Gets the status.</summary>
    public UploadStatus Status { get; private set; }

    /// <summary>Gets the error message; null unless the upload failed.</summary>
    public string? Error { get; private set; }

    /// <summary>Gets the token that is canceled by the user or by the end of the request.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Cancels the upload, which then leaves no partial object.</summary>
    public void Cancel()
    {
        if (Status == UploadStatus.Running) _cancellation.Cancel();
    }

    /// <inheritdoc/>
    public void Report(TransferProgress value)
    {
        Interlocked.Exchange(ref _bytesDone, value.BytesDone);
        _changed();
    }

    /// <summary>Records how the upload ended.</summary>
    /// <param name="status">The final status.</param>
    /// <param name="error">The error message if it failed.</param>
    public void End(UploadStatus status, string? error = null)
    {
        (Error, Status) = (error, status);
        _changed();
    }

    /// <inheritdoc/>
    public void Dispose() => _cancellation.Dispose();
}
