namespace MnistLab.Storage.Files;

/// <summary>Represents the metadata of a file or directory.</summary>
/// <param name="Path">A local path or an <c>s3://</c> address.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
/// <param name="Length">The size of the file in bytes; 0 for a directory.</param>
/// <param name="LastModified">
/// The time of the last write; null for a directory in an object store, which does not record one.
/// </param>
public sealed record FileStat(string Path, bool IsDirectory, long Length, DateTimeOffset? LastModified)
{
    /// <summary>Gets the last segment of the path.</summary>
    public string Name => System.IO.Path.TrimEndingDirectorySeparator(Path) is var path
        && path.LastIndexOfAny(['/', System.IO.Path.DirectorySeparatorChar]) is var slash ? path[(slash + 1)..] : Path;
}
