namespace MnistLab.Storage.Files;

/// <summary>What is known of a file or a directory without reading it.</summary>
/// <param name="Path">Where it is: a local path, or an <c>s3://</c> address.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
/// <param name="Length">A file's size, in bytes; 0 for a directory.</param>
/// <param name="LastModified">When it was last written; null for a directory in an object store, which keeps none.</param>
public sealed record FileStat(string Path, bool IsDirectory, long Length, DateTimeOffset? LastModified)
{
    /// <summary>The last part of the path.</summary>
    public string Name => System.IO.Path.TrimEndingDirectorySeparator(Path) is var path && path.LastIndexOfAny(['/', System.IO.Path.DirectorySeparatorChar]) is var slash ? path[(slash + 1)..] : Path;
}
