using MnistLab.Hosting;
using MnistLab.Storage.S3;

namespace MnistLab.Storage.Configuration;

/// <summary>
/// Represents the access keys for object storage servers that one user has stored, in a file outside of any workspace
/// that only this user can read. Secrets can be stored but not read back.
/// </summary>
public sealed class AccessKeys
{
    /// <summary>The environment variable that overrides the folder of the file.</summary>
    public const string FolderVariable = "MNISTLAB_CONFIG";

    private const string Product = "mnistlab";
    private const string FileName = "access-keys.json";
    private const int EndingLength = 4;
    private const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Initializes the access keys in a folder, which need not exist.</summary>
    public AccessKeys(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        File = Path.Combine(Path.GetFullPath(folder), FileName);
    }

    /// <summary>Gets the path of the file that holds the keys.</summary>
    public string File { get; }

    /// <summary>Gets the time of the last change, in UTC; January 1, 1601 if the file does not exist.</summary>
    public DateTime Changed => System.IO.File.GetLastWriteTimeUtc(File);

    /// <summary>
    /// Opens the user's access keys: in the folder that <c>MNISTLAB_CONFIG</c> names, or else in <c>mnistlab</c> in the
    /// system's configuration folder: <c>$XDG_CONFIG_HOME</c> or <c>~/.config</c> on Linux (XDG Base Directory
    /// Specification), <c>~/Library/Application Support</c> on macOS, <c>%APPDATA%</c> on Windows.
    /// </summary>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <returns>The access keys; null if the user has no such folder.</returns>
    public static AccessKeys? OfUser(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return FindFolder(environment) is { } folder ? new(folder) : null;
    }

    /// <summary>Returns the keys in the order in which they were added.</summary>
    /// <exception cref="ObjectStoreException">The file cannot be read, or other users can read it.</exception>
    public IReadOnlyList<AccessKey> List()
    {
        var file = Read();
        return [.. file.Keys.Select(entry => Describe(entry, file.Used))];
    }

    /// <summary>
    /// Stores a key and selects it. A stored key with the same endpoint and access key ID is replaced.
    /// </summary>
    /// <exception cref="ObjectStoreException">A value is missing or invalid, or the file cannot be written.</exception>
    public AccessKey Add(NewAccessKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var settings = ObjectStores.ReadSettings(key.Find)
            ?? throw new ObjectStoreException(
                ObjectStoreError.InvalidRequest,
                "An access key needs an endpoint, an access key ID, and a secret access key.");
        var endpoint = settings.Endpoint.GetLeftPart(UriPartial.Path);
        var entry = new KeysFile.Entry(
            Guid.NewGuid().ToString("N")[..8],
            endpoint,
            settings.AccessKeyId,
            settings.SecretAccessKey,
            settings.Region,
            key.AddressingStyle);
        Change(file => new(
            entry.Id,
            [.. file.Keys.Where(other => (other.Endpoint, other.AccessKeyId) != (entry.Endpoint, entry.AccessKeyId)), entry]));
        return Describe(entry, entry.Id);
    }

    /// <summary>Selects the key that is used from now on.</summary>
    /// <param name="id">The ID of the entry; null to use a folder on this machine instead.</param>
    /// <exception cref="ObjectStoreException">There is no such key, or the file cannot be written.</exception>
    public void Use(string? id) => Change(file => file with { Used = id is null ? null : Find(file, id).Id });

    /// <summary>Deletes a key. If it was in use, a folder on this machine is used from now on.</summary>
    /// <exception cref="ObjectStoreException">There is no such key, or the file cannot be written.</exception>
    public void Delete(string id) => Change(file =>
    {
        var entry = Find(file, id);
        return new(file.Used == id ? null : file.Used, [.. file.Keys.Where(other => other != entry)]);
    });

    /// <summary>Tests a key by listing the buckets of its server.</summary>
    /// <returns>The names of the buckets.</returns>
    /// <exception cref="ObjectStoreException">
    /// There is no such key, the server cannot be reached, or it rejects the key; the message says which.
    /// </exception>
    public async Task<IReadOnlyList<string>> TestAsync(string id, CancellationToken cancellationToken = default)
    {
        var settings = SettingsOf(Find(Read(), id));
        using var store = new S3ObjectStore(
            new(settings.Endpoint, settings.Region, settings.AccessKeyId, settings.SecretAccessKey)
            {
                AddressingStyle = settings.AddressingStyle,
                // A person is waiting, so the test gives up sooner than other requests.
                RequestLimit = TestTimeout,
                Retries = 1,
            });
        return await store.ListBucketsAsync(cancellationToken).ToListAsync(cancellationToken);
    }

    /// <summary>Returns the settings of the key in use; null if there is none.</summary>
    /// <exception cref="ObjectStoreException">The file cannot be read, or other users can read it.</exception>
    internal S3Settings? ReadUsed() =>
        Read() is { Used: { } used } file && file.Keys.FirstOrDefault(entry => entry.Id == used) is { } entry ? SettingsOf(entry) : null;

    private static string? FindFolder(Func<string, string?> environment)
    {
        if (environment(FolderVariable) is { } named && !string.IsNullOrWhiteSpace(named)) return Path.GetFullPath(named);
        var home = environment("HOME") is { Length: > 0 } found ? found : null;
        var settings = OperatingSystem.IsWindows() ? environment("APPDATA")
            : OperatingSystem.IsMacOS() ? home is null ? null : Path.Combine(home, "Library", "Application Support")
            // The specification says to ignore relative paths.
            : environment("XDG_CONFIG_HOME") is { } folder && Path.IsPathRooted(folder) ? folder
            : home is null ? null : Path.Combine(home, ".config");
        return string.IsNullOrEmpty(settings) ? null : Path.Combine(settings, Product);
    }

    private static AccessKey Describe(KeysFile.Entry entry, string? used)
    {
        var settings = SettingsOf(entry);
        // Shows at most half of the ID, so that a short one is not revealed.
        var ending = entry.AccessKeyId[^Math.Min(EndingLength, entry.AccessKeyId.Length / 2)..];
        return new(entry.Id, settings.Endpoint, settings.Region, settings.AddressingStyle, ending, entry.Id == used);
    }

    private static S3Settings SettingsOf(KeysFile.Entry entry) => ObjectStores.ReadSettings(entry.Key.Find)!;

    private static ObjectStoreException Invalid(string message, Exception? cause = null) =>
        new(ObjectStoreError.InvalidRequest, message, cause);

    private KeysFile.Entry Find(KeysFile file, string id) =>
        file.Keys.FirstOrDefault(entry => entry.Id == id)
            ?? throw Invalid($"There is no access key '{id}' in {File}. List the keys to see which exist.");

    private KeysFile Read()
    {
        try
        {
            RequirePrivate();
            return AtomicJsonFile.Read(File, KeysJson.Default.KeysFile) ?? KeysFile.Empty;
        }
        catch (Exception error) when (error is InvalidDataException or UnauthorizedAccessException
            || (error is IOException and not ObjectStoreException))
        {
            throw Invalid(
                $"The access keys in {File} cannot be read: {error.Message} Repair the file, or delete it and add the keys again.", error);
        }
    }

    private void RequirePrivate()
    {
        if (OperatingSystem.IsWindows() || !System.IO.File.Exists(File)) return;
        if ((System.IO.File.GetUnixFileMode(File) & OfOthers) != 0)
            throw Invalid($"Other users can read {File}, which holds secrets. Run: chmod 600 {File}");
    }

    private void Change(Func<KeysFile, KeysFile> change)
    {
        try
        {
            var folder = Path.GetDirectoryName(File)!;
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using var mine = FileLock.Acquire(File + ".lock", LockTimeout);
            AtomicJsonFile.Write(File, change(Read()), KeysJson.Default.KeysFile);
        }
        catch (Exception error) when (error is UnauthorizedAccessException || (error is IOException and not ObjectStoreException))
        {
            throw Invalid(
                $"The access keys cannot be saved in {File}: {error.Message} Set the environment variable {FolderVariable} to a writable folder.",
                error);
        }
    }
}
