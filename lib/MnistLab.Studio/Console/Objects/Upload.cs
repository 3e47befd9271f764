using MnistLab.Storage;

namespace MnistLab.Studio.Console.Objects;

/// <summary>An upload from a browser to the store, and how far it has come.</summary>
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

    /// <summary>Gets the address that it is written to, such as <c>s3://modelarts-example/datasets/train.gz</c>.</summary>
    public string Target { get; }

    /// <summary>Gets how many bytes there are; null if the browser does not say.</summary>
    public long? Length { get; }

    /// <summary>Gets how many bytes the store has taken.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesDone);

    /// <summary>Gets where it stands.</summary>
    public UploadStatus Status { get; private set; }

    /// <summary>Gets why it failed; null unless it did.</summary>
    public string? Error { get; private set; }

    /// <summary>Gets what ends it: the user, or the end of the request.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Ends it; nothing of it stays.</summary>
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

    /// <summary>Tells how it ended.</summary>
    /// <param name="status">How.</param>
    /// <param name="error">Why it failed, if it did.</param>
    public void End(UploadStatus status, string? error = null)
    {
        (Error, Status) = (error, status);
        _changed();
    }

    /// <inheritdoc/>
    public void Dispose() => _cancellation.Dispose();
}
