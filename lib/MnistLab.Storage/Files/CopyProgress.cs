namespace MnistLab.Storage.Files;

/// <summary>Represents the progress of copying a directory.</summary>
/// <param name="FilesDone">The number of files copied so far.</param>
/// <param name="FilesTotal">The number of files to copy.</param>
/// <param name="BytesDone">The number of bytes of the files copied so far.</param>
/// <param name="BytesTotal">The number of bytes to copy.</param>
public readonly record struct CopyProgress(int FilesDone, int FilesTotal, long BytesDone, long BytesTotal);
