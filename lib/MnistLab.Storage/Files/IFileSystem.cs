namespace MnistLab.Storage.Files;

/// <summary>Represents the files of this machine or of an object store.</summary>
internal interface IFileSystem
{
    /// <summary>Returns the file or directory at a path; null if there is neither.</summary>
    Task<FileStat?> FindAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Returns whether there is a directory at a path. In an object store, a file may have the same path.
    /// </summary>
    Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken);

    /// <summary>Returns the direct children of a directory, in ordinal order of their names.</summary>
    Task<IReadOnlyList<FileStat>> ChildrenAsync(string directory, CancellationToken cancellationToken);

    Task<Stream> OpenAsync(string path, CancellationToken cancellationToken);

    /// <summary>Writes a file atomically.</summary>
    Task WriteAsync(string path, Stream content, CancellationToken cancellationToken);

    Task RemoveFileAsync(string path, CancellationToken cancellationToken);

    Task RemoveDirectoryAsync(string path, CancellationToken cancellationToken);

    Task MakeDirectoryAsync(string path, CancellationToken cancellationToken);

    /// <summary>Returns the path of an entry of a directory.</summary>
    string Join(string directory, string name);

    /// <summary>Returns a canonical form of a path, for comparisons.</summary>
    string Normalize(string path);
}
