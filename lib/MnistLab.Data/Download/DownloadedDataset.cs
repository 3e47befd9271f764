namespace MnistLab.Data.Download;

/// <summary>A dataset that is complete and verified in a folder.</summary>
/// <param name="Folder">The folder of its files.</param>
/// <param name="DownloadedFiles">The names of the files that were downloaded just now; the others were there.</param>
/// <param name="Remarks">What people should know: which mirrors were skipped, and why; which files were damaged.</param>
public sealed record DownloadedDataset(string Folder, IReadOnlyList<string> DownloadedFiles, IReadOnlyList<string> Remarks);
