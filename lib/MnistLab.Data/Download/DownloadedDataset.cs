namespace MnistLab.Data.Download;

/// <summary>Represents a dataset that is complete and verified in a folder.</summary>
/// <param name="Folder">The folder of the files.</param>
/// <param name="DownloadedFiles">
/// The names of the files that were downloaded by this operation; the others existed before.
/// </param>
/// <param name="Remarks">
/// Remarks for the user: mirrors that were skipped, with the reason, and files that were damaged.
/// </param>
public sealed record DownloadedDataset(string Folder, IReadOnlyList<string> DownloadedFiles, IReadOnlyList<string> Remarks);
