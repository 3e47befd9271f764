namespace MnistLab.Data.Download;

/// <summary>Represents the response of a mirror, whose body has not been read yet.</summary>
/// <param name="body">The body.</param>
/// <param name="length">The length that the mirror announces, in bytes; null if it does not.</param>
/// <param name="owner">The object to dispose with the response.</param>
internal sealed class MirrorResponse(Stream body, long? length, IDisposable owner) : IDisposable
{
    public Stream Body => body;

    public long? Length => length;

    public void Dispose() => owner.Dispose();
}
