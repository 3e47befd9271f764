using System.Security.Cryptography;
using System.Text;

namespace MnistLab.Data;

/// <summary>The beginning of a file, as far as it has arrived from one mirror. It stays for a later run until the whole file is placed.</summary>
internal sealed class PartFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    private PartFile(string path)
    {
        _path = path;
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1, useAsync: true);
        Origin = _stream.Length > 0 ? PartOrigin.Read(OriginPath) : null;
    }

    /// <summary>Of which version the bytes are; null if there are none to go on from.</summary>
    public PartOrigin? Origin { get; private set; }

    /// <summary>How many bytes there are to go on from.</summary>
    public long Length => Origin is null ? 0 : _stream.Length;

    private string OriginPath => _path + ".origin";

    /// <summary>Opens what there is of a file from an address, or begins anew.</summary>
    public static PartFile Open(string folder, DatasetFile file, Uri url) => new(PathOf(folder, file, url));

    /// <summary>Each mirror has a part of its own: another's bytes may be compressed in another way.</summary>
    public static string PathOf(string folder, DatasetFile file, Uri url) =>
        Path.Combine(folder, $"{file.Name}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url.AbsoluteUri)))[..8]}.part");

    /// <summary>Removes the parts of a file, whatever mirror they are from.</summary>
    public static void RemoveAll(string folder, DatasetFile file)
    {
        foreach (var part in Directory.EnumerateFiles(folder, $"{file.Name}.????????.part*")) File.Delete(part);
    }

    /// <summary>Forgets the bytes there are; those to come are of the version given.</summary>
    public void Restart(PartOrigin? origin)
    {
        // In this order a process that ends in between leaves nothing that could be taken for a beginning of the new version.
        if (_stream.Length > 0) _stream.SetLength(0);
        _stream.Position = 0;
        Origin = origin;
        if (origin is null) File.Delete(OriginPath);
        else origin.Write(OriginPath);
    }

    /// <summary>Reads what there is, and leaves the position at its end.</summary>
    public async Task FeedAsync(ContentCheck check, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        _stream.Position = 0;
        while (await _stream.ReadAsync(buffer, cancellationToken) is > 0 and var read) await check.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _stream.WriteAsync(bytes, cancellationToken);

    /// <summary>Lets the file, which is complete, appear under its name, replacing what is there, all at once.</summary>
    public async Task PlaceAsync(string path)
    {
        _stream.Flush(flushToDisk: true);
        await _stream.DisposeAsync();
        File.Move(_path, path, overwrite: true);
    }

    /// <summary>Closes the part; one without bytes does not stay.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stream.CanWrite) return;
        var isEmpty = Length == 0;
        await _stream.DisposeAsync();
        if (!isEmpty) return;
        File.Delete(_path);
        File.Delete(OriginPath);
    }
}
