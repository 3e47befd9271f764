namespace MnistLab.Data;

/// <summary>A mirror's answer, of which the body is still to come.</summary>
/// <param name="body">The body, from <paramref name="offset"/> on.</param>
/// <param name="offset">Where in the file the body begins.</param>
/// <param name="origin">Of which version of the file it is.</param>
/// <param name="owner">What has to be disposed of at the end.</param>
internal sealed class MirrorAnswer(Stream body, long offset, PartOrigin origin, IDisposable owner) : IDisposable
{
    public Stream Body => body;

    public long Offset => offset;

    public PartOrigin Origin => origin;

    public void Dispose() => owner.Dispose();
}
