namespace MnistLab.Storage.Files;

/// <summary>How far the copying of a directory has come.</summary>
/// <param name="FilesDone">Files copied so far.</param>
/// <param name="FilesTotal">Files to copy in all.</param>
/// <param name="BytesDone">Their bytes.</param>
/// <param name="BytesTotal">Bytes to copy in all.</param>
public readonly record struct CopyProgress(int FilesDone, int FilesTotal, long BytesDone, long BytesTotal);
