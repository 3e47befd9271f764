namespace MnistLab.Data.Download;

/// <summary>Represents the state of a file when its content was verified.</summary>
/// <param name="Length">The length on disk in bytes.</param>
/// <param name="Changed">The time of the last write.</param>
/// <param name="Sha256">The SHA-256 of the decompressed content.</param>
internal sealed record FileNote(long Length, DateTime Changed, string Sha256);
