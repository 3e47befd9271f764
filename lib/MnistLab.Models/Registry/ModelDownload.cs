using System.Security.Cryptography;
using System.Text.Json;
using MnistLab.Storage;

namespace MnistLab.Models.Registry;

/// <summary>Downloads model packages and verifies them.</summary>
public static class ModelDownload
{
    private const string Compiled = InferenceCode.CompiledFolder + "/";

    /// <summary>
    /// Downloads a package and, if the registry has it, the compiled inference code. The files of a registered version
    /// are verified by the hashes in its record.
    /// </summary>
    /// <param name="store">The store that contains the package.</param>
    /// <param name="location">The prefix that contains <c>model/</c>: a version in the registry, or the output location
    /// of a training job.</param>
    /// <param name="folder">The folder to download to; existing <c>model/</c> and <c>compiled/</c> folders in it are
    /// replaced.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <returns>The record of the version; null if the location is not a version in the registry.</returns>
    /// <exception cref="ModelImportException">There is no package, it is not published, or a file is missing or differs
    /// from its hash; the message names the location, the file, and the next step.</exception>
    /// <exception cref="ObjectStoreException">The store denied access or failed.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static async Task<RegisteredModel?> DownloadAsync(
        IObjectStore store, ObjectUrl location, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(location);
        location = location.AsPrefix();
        var keys = await store.ListAsync(location, cancellationToken)
            .Select(item => location.RelativeKeyOf(item.Url)).ToListAsync(cancellationToken);
        var record = keys.Contains(RegisteredModel.RecordName)
            ? await ReadRecordAsync(store, location, cancellationToken)
            : null;
        if (record is { Status: not ModelStatus.Published })
        {
            throw new ModelImportException(
                ModelImportError.NotPublished,
                $"{record.Name} {record.Version} at {location} is {record.Status.ConsoleName()}, not Normal. {record.Reason} "
                + "Choose a published version, or import the model again.");
        }

        if (keys.Count == 0)
        {
            throw new ModelImportException(
                ModelImportError.NotFound,
                $"There is nothing at {location} in {store.Location}. Give the location of a version in the registry, "
                + "which 'models list' shows, or the output location of a training job.");
        }

        TrainingOutput.RequirePackage(location, keys);
        TrainingOutput.RequireOneConfig(location, keys);
        // The output location of training also contains checkpoints and logs, which are not needed.
        var prefixes = new[] { PackageFiles.Folder, Compiled }.Where(prefix => keys.Any(key => IsBelow(key, prefix)));
        foreach (var prefix in prefixes)
        {
            var target = Path.Combine(folder, prefix.TrimEnd('/'));
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
            await store.DownloadFolderAsync(location / prefix, target, cancellationToken: cancellationToken);
        }

        if (record?.Files is { } expected)
            Verify(location, expected, await HashFilesAsync(folder, cancellationToken));
        return record;
    }

    /// <summary>
    /// Returns the SHA-256 of each file in a folder, in hexadecimal, by its relative path with slashes.
    /// </summary>
    internal static async Task<IReadOnlyDictionary<string, string>> HashFilesAsync(
        string folder, CancellationToken cancellationToken)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            await using var content = File.OpenRead(file);
            var key = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            hashes[key] = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        }

        return hashes;
    }

    private static async Task<RegisteredModel> ReadRecordAsync(
        IObjectStore store, ObjectUrl location, CancellationToken cancellationToken)
    {
        var url = location / RegisteredModel.RecordName;
        try
        {
            return JsonSerializer.Deserialize(
                await store.GetTextAsync(url, cancellationToken), RegistryJson.Instance.RegisteredModel)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw Damaged(location, $"{url} is not a valid model record: {exception.Message}", exception);
        }
    }

    private static void Verify(
        ObjectUrl location, IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual)
    {
        foreach (var (key, hash) in expected)
        {
            if (!actual.TryGetValue(key, out var found)) throw Damaged(location, $"{location / key} is missing.");
            if (!string.Equals(found, hash, StringComparison.OrdinalIgnoreCase))
                throw Damaged(location, $"{location / key} is damaged: its SHA-256 is {found}, but should be {hash}.");
        }

        if (actual.Keys.FirstOrDefault(key => !expected.ContainsKey(key)) is { } added)
        {
            throw Damaged(
                location, $"{location / added} was added after the import, but a published version never changes.");
        }
    }

    private static bool IsBelow(string key, string prefix) => key.StartsWith(prefix, StringComparison.Ordinal);

    private static ModelImportException Damaged(ObjectUrl location, string problem, Exception? cause = null) => new(
        ModelImportError.Damaged,
        $"{problem} Import the model again as a new version, or restore the objects below {location}.",
        cause);
}
