using System.Text.Json;
using MnistLab.Data.Datasets;
using MnistLab.Hosting;

namespace MnistLab.Data.Download;

/// <summary>
/// Which files of a folder were found right, so that they are not hashed each time they are used. A file whose length
/// and time of change are those that were noted is trusted; any other is hashed again. The notes are in the folder,
/// and only save time: without them everything is hashed.
/// </summary>
internal sealed class VerificationCache(string folder, DatasetDescription dataset)
{
    private const string Name = ".verified.json";
    private const string Missing = "is not there";

    /// <summary>Whether all files are there and right. If so, it is noted, where the folder can be written.</summary>
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
            // The next use hashes again, which is slower and as safe.
        }

        return true;
    }

    /// <summary>
    /// Looks at each file: null for one that is right, or else what is wrong with it, in words that continue "it …".
    /// </summary>
    /// <param name="trustNotes">Whether notes are enough; else all is hashed.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task<IReadOnlyDictionary<DatasetFile, string?>> ExamineAsync(bool trustNotes, CancellationToken cancellationToken)
    {
        var notes = trustNotes ? ReadNotes() : [];
        // Files to be used must have their own names; ones to be looked at may have any that MnistDataset.Load finds.
        string? Find(DatasetFile file) => trustNotes ? File.Exists(PathOf(file)) ? PathOf(file) : null : file.FindIn(folder);
        var states = await Task.WhenAll(
            dataset.Files.Select(async file => (file, State: await ExamineAsync(file, Find(file), notes, cancellationToken))));
        return states.ToDictionary(state => state.file, state => state.State);
    }

    /// <summary>Whether a state is that of a file which is not there, rather than of one which is wrong.</summary>
    public static bool IsMissing(string state) => state == Missing;

    /// <summary>Notes files that are right.</summary>
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
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, Name)), DownloadJson.Default.DictionaryStringFileNote) ?? [];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return [];
        }
    }

    private string PathOf(DatasetFile file) => Path.Combine(folder, file.Name);
}
