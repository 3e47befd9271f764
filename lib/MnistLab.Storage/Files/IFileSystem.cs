namespace MnistLab.Storage.Files;

/// <summary>Where files are: on this machine, or in an object store.</summary>
internal interface IFileSystem
{
    /// <summary>What is at a path; null if nothing is.</summary>
    Task<FileStat?> FindAsync(string path, CancellationToken cancellationToken);

    /// <summary>Whether a directory is at a path. In a store a file may be there as well.</summary>
    Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken);

    /// <summary>What lies directly in a directory, in ordinal order of the names.</summary>
    Task<IReadOnlyList<FileStat>> ChildrenAsync(string directory, CancellationToken cancellationToken);

    Task<Stream> OpenAsync(string path, CancellationToken cancellationToken);

    /// <summary>Writes a file whole or not at all.</summary>
    Task WriteAsync(string path, Stream content, CancellationToken cancellationToken);

    Task RemoveFileAsync(string path, CancellationToken cancellationToken);

    Task RemoveDirectoryAsync(string path, CancellationToken cancellationToken);

    Task MakeDirectoryAsync(string path, CancellationToken cancellationToken);

    /// <summary>The path of something in a directory.</summary>
    string Join(string directory, string name);

    /// <summary>A path in the one form that can be compared.</summary>
    string Normalize(string path);
}
