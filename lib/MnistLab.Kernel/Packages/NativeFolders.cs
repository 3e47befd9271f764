using System.Security.Cryptography;
using System.Text;
using MnistLab.Build;
using MnistLab.Hosting;

namespace MnistLab.Kernel;

/// <summary>
/// The native libraries of several packages, side by side in one folder: a native library finds others only beside
/// itself, and packages may split them.
/// The files are linked, not copied, except for those that this system can load only when they are changed.
/// </summary>
/// <remarks>
/// Whoever uses a folder holds a shared lock on a file in it. When a folder is made, those are removed that nobody uses
/// and that were made of a package that is gone, or have not been used for two weeks.
/// </remarks>
/// <param name="root">Where the folders are kept, for all notebooks of the user.</param>
/// <param name="time">Says which folders are old.</param>
internal sealed class NativeFolders(string root, TimeProvider time) : IDisposable
{
    // GCC 13 leaves a need for this version in every library that uses streams, without using anything of it. Debian
    // 12, Ubuntu 22.04 and RHEL 9 do not have it.
    private const string UnneededVersion = "GLIBCXX_3.4.32";
    private const string RootLock = ".lock";
    private const string UseLock = ".use";
    private const string SourceList = ".sources";
    private const long MaxCuredBytes = 64 << 20;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    private readonly Dictionary<string, FileStream> _used = new(StringComparer.Ordinal);

    /// <summary>Returns those of the user's own folder, for one session.</summary>
    public static NativeFolders OfUser()
    {
        const Environment.SpecialFolder Data = Environment.SpecialFolder.LocalApplicationData;
        var folder = Environment.GetFolderPath(Data, Environment.SpecialFolderOption.Create);
        return new(Path.Combine(folder, "mnistlab", "natives"), TimeProvider.System);
    }

    /// <summary>Makes the folder, or finds the one that was made for the same files, and keeps it until this is disposed.</summary>
    /// <param name="files">The native libraries by file name.</param>
    /// <param name="cancellationToken">Ends the wait for another notebook that makes or removes a folder.</param>
    /// <returns>Where each of them is now.</returns>
    public async Task<IReadOnlyDictionary<string, string>> CombineAsync(
        IReadOnlyDictionary<string, string> files, CancellationToken cancellationToken)
    {
        var changed = files
            .Where(file => OperatingSystem.IsLinux() && Cured(file.Value) is not null)
            .Select(file => file.Key)
            .ToHashSet(StringComparer.Ordinal);
        if (changed.Count == 0 && files.Values.Select(Path.GetDirectoryName).Distinct().Count() < 2) return files;

        var list = string.Join('\n', files.Values.Order(StringComparer.Ordinal));
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))[..16];
        var target = Path.Combine(root, name);
        Directory.CreateDirectory(root);
        using (await FileLock.AcquireAsync(Path.Combine(root, RootLock), TimeProvider.System, cancellationToken))
        {
            if (!Directory.Exists(target))
            {
                RemoveUnused();
                Make(files, changed, list, target);
            }

            Directory.SetLastWriteTimeUtc(target, time.GetUtcNow().UtcDateTime);
            // Opened for reading, the file is locked for others that remove the folder, not for those that use it.
            var use = Path.Combine(target, UseLock);
            if (!_used.ContainsKey(target)) _used[target] = new(use, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
        }

        return files.ToDictionary(file => file.Key, file => Path.Combine(target, file.Key), StringComparer.OrdinalIgnoreCase);
    }

    public void Dispose()
    {
        foreach (var file in _used.Values) file.Dispose();
        _used.Clear();
    }

    private void RemoveUnused()
    {
        foreach (var folder in Directory.GetDirectories(root))
        {
            try
            {
                if (IsUnneeded(folder) && !IsUsed(folder)) Directory.Delete(folder, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It is tried again when the next folder is made.
            }
        }
    }

    // What has the suffix was left behind by a process that was killed: this one holds the lock of those that make any.
    private bool IsUnneeded(string folder) => folder.EndsWith(AtomicFolder.Suffix, StringComparison.Ordinal)
        || time.GetUtcNow() - Directory.GetLastWriteTimeUtc(folder) > Kept
        || !SourcesOf(folder).All(File.Exists);

    private static IEnumerable<string> SourcesOf(string folder)
    {
        var list = Path.Combine(folder, SourceList);
        return File.Exists(list)
            ? File.ReadAllLines(list)
            // A folder of a kernel that wrote no list.
            : Directory.GetFiles(folder).Select(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.FullName ?? file);
    }

    private static bool IsUsed(string folder)
    {
        using var held = FileLock.TryAcquire(Path.Combine(folder, UseLock));
        return held is null;
    }

    private static void Make(IReadOnlyDictionary<string, string> files, HashSet<string> changed, string list, string target)
    {
        AtomicFolder.Create(target, folder =>
        {
            foreach (var (name, file) in files)
            {
                var to = Path.Combine(folder, name);
                if (changed.Contains(name)) File.WriteAllBytes(to, Cured(file)!);
                else FileLink.Create(to, file);
            }

            File.WriteAllText(Path.Combine(folder, SourceList), list);
            File.WriteAllText(Path.Combine(folder, UseLock), "");
        });
    }

    private static byte[]? Cured(string file)
    {
        // The need is in a table near the beginning or the end; the large libraries of a package are not read for it.
        if (new FileInfo(file).Length > MaxCuredBytes) return null;
        var image = File.ReadAllBytes(file);
        return ElfVersionNeed.Weaken(image, UnneededVersion, out _) ? image : null;
    }
}
