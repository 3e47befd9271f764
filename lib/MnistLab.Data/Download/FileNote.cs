namespace MnistLab.Data.Download;

/// <summary>How a file was when its content was found right.</summary>
/// <param name="Length">Its length on the disk, in bytes.</param>
/// <param name="Changed">When it was changed last.</param>
/// <param name="Sha256">The hash of its decompressed content.</param>
internal sealed record FileNote(long Length, DateTime Changed, string Sha256);
