using System.Text.Json;
using MnistLab.Data.Datasets;
using MnistLab.Hosting;

namespace MnistLab.Data.Download;

/// <summary>
/// Records which files of a folder were verified, so that they are not hashed on every use. A file whose length and
/// last write time match the record is trusted; any other is hashed again. The record is stored in the folder, and is
/// only an optimization: without it, every file is hashed.
/// </summary>
internal sealed class VerificationCache(string folder, DatasetDescription dataset)
{
    private const string Name = ".verified.json";
    private const string Missing = "is missing";

    /// <summary>
    /// Returns whether all files exist and are valid. If so, this is recorded, unless the folder is read-only.
    /// </summary>
    public async Task<bool> IsCompleteAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) return false;
        var notes = ReadNotes();
        if (dataset.Files.All(file => IsNoted(file, notes))) return true;
        if ((await ExamineAsync(trustNotes: true, cancellationToken)).Values.Any(state => state is not null)) return false;
        try
        {
            Note(dataset.Files);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Without the record, the next use hashes the files again, which is slower but equally safe.
        }

        return true;
    }

    /// <summary>
    /// Examines each file: the result is null if the file is valid, or else the problem, phrased to follow "it".
    /// </summary>
    /// <param name="trustNotes">Whether to trust the record; otherwise every file is hashed.</param>
    /// <param name="cancellationToken">Cancels the examination.</param>
    public async Task<IReadOnlyDictionary<DatasetFile, string?>> ExamineAsync(bool trustNotes, CancellationToken cancellationToken)
    {
        var notes = trustNotes ? ReadNotes() : [];
        // Files to be used must have their own names; for a mere verification, the variants that MnistDataset.Load
        // finds count as well.
        string? Find(DatasetFile file) => trustNotes ? File.Exists(PathOf(file)) ? PathOf(file) : null : file.FindIn(folder);
        var states = await Task.WhenAll(
            dataset.Files.Select(async file => (file, State: await ExamineAsync(file, Find(file), notes, cancellationToken))));
        return states.ToDictionary(state => state.file, state => state.State);
    }

    /// <summary>Returns whether the problem is that the file is missing, not that it is invalid.</summary>
    public static bool IsMissing(string state) => state == Missing;

    /// <summary>Records that files are valid.</summary>
    public void Note(IEnumerable<DatasetFile> files)
    {
        var notes = files.ToDictionary(file => file.Name, file => Note(file, PathOf(file)), StringComparer.Ordinal);
        AtomicFile.Write(
            Path.Combine(folder, Name),
            file => JsonSerializer.Serialize(file, notes, DownloadJson.Default.DictionaryStringFileNote));
    }

    private async Task<string?> ExamineAsync(
        DatasetFile file, string? path, Dictionary<string, FileNote> notes, CancellationToken cancellationToken)
    {
        if (path is null) return Missing;
        if (IsNoted(file, notes)) return null;
        return await ContentCheck.VerifyAsync(path, file, cancellationToken) is { } wrong ? $"holds {wrong}" : null;
    }

    private bool IsNoted(DatasetFile file, Dictionary<string, FileNote> notes) =>
        notes.TryGetValue(file.Name, out var note) && File.Exists(PathOf(file)) && note == Note(file, PathOf(file));

    private static FileNote Note(DatasetFile file, string path)
    {
        var info = new FileInfo(path);
        return new FileNote(info.Length, info.LastWriteTimeUtc, file.Sha256);
    }

    private Dictionary<string, FileNote> ReadNotes()
    {
        try
        {
            return JsonSerializer.Deserialize(
                File.ReadAllBytes(Path.Combine(folder, Name)), DownloadJson.Default.DictionaryStringFileNote) ?? [];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return [];
        }
    }

    private string PathOf(DatasetFile file) => Path.Combine(folder, file.Name);
}
