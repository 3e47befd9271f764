using System.Net;

namespace MnistLab.Studio.Tests.Console;

/// <summary>Represents a request body that does not end until <see cref="Stop"/> is called.</summary>
internal sealed class EndlessContent : HttpContent
{
    private readonly CancellationTokenSource _stopped = new();

    public void Stop() => _stopped.Cancel();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var piece = new byte[1 << 12];
        while (!_stopped.IsCancellationRequested)
        {
            await stream.WriteAsync(piece);
            await Task.Yield();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _stopped.Dispose();
        base.Dispose(disposing);
    }
}
