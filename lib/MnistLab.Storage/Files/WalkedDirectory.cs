namespace MnistLab.Storage.Files;

/// <summary>Represents one directory of a walk.</summary>
/// <param name="Path">A local path or an <c>s3://</c> address.</param>
/// <param name="Directories">The names of the directories in it, in ordinal order.</param>
/// <param name="Files">The names of the files in it, in ordinal order.</param>
public sealed record WalkedDirectory(string Path, IReadOnlyList<string> Directories, IReadOnlyList<string> Files);
