using MnistLab.Storage.S3;

namespace MnistLab.Storage.Tests;

public sealed class ReadOnlyStreamTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static TheoryData<Func<Stream, Stream>> Wrappers => new(
        inner => new StallLimitedStream(inner, Limit),
        inner => new ResumedStream(inner, 3, (_, _) => throw new NotSupportedException(), _ => null, retries: 0));

    // A user interface processes continuations one at a time, and none while it waits for a synchronous read.
    [Theory]
    [MemberData(nameof(Wrappers), DisableDiscoveryEnumeration = true)]
    public void SynchronousRead_UnderASynchronizationContext_DoesNotWaitForTheContext(Func<Stream, Stream> wrap)
    {
        var buffer = new byte[8];
        var read = 0;
        var reader = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new BusyContext());
            using var stream = wrap(new YieldingStream([1, 2, 3]));
            read = stream.Read(buffer);
        })
        { IsBackground = true };
        reader.Start();
        Assert.True(reader.Join(Limit), "The read did not end.");
        Assert.Equal([1, 2, 3], buffer.AsSpan(0, read).ToArray());
    }

    private sealed class BusyContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            // Never processed.
        }
    }

    private sealed class YieldingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
