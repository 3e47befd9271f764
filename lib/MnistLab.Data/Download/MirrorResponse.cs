namespace MnistLab.Data.Download;

/// <summary>Represents a mirror's response, of which the body is still to come.</summary>
/// <param name="body">The body.</param>
/// <param name="length">How many bytes the mirror announces; null if it does not say.</param>
/// <param name="owner">What has to be disposed of at the end.</param>
internal sealed class MirrorResponse(Stream body, long? length, IDisposable owner) : IDisposable
{
    public Stream Body => body;

    public long? Length => length;

    public void Dispose() => owner.Dispose();
}
