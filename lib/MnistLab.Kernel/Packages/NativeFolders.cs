using System.Security.Cryptography;
using System.Text;
using MnistLab.Build;
using MnistLab.Hosting;
using MnistLab.Kernel.Libraries;

namespace MnistLab.Kernel.Packages;

/// <summary>
/// Combines the native libraries of several packages in one folder, because a native library finds others only in the
/// same folder, and packages may split them. The files are linked, not copied, except those that have to be changed to
/// load on this system.
/// </summary>
/// <remarks>
/// Each user of a folder holds a shared lock on a file in it. Creating a folder removes the unused ones that come from
/// a package that no longer exists, or have not been used for two weeks.
/// </remarks>
/// <param name="root">The folder that contains the folders for all notebooks of the user.</param>
/// <param name="time">Determines the age of folders.</param>
internal sealed class NativeFolders(string root, TimeProvider time) : IDisposable
{
    // GCC 13 adds a dependency on this version to every library that uses streams, although the library does not use
    // anything of that version. Debian 12, Ubuntu 22.04, and RHEL 9 do not provide it.
    private const string UnneededVersion = "GLIBCXX_3.4.32";
    private const string RootLock = ".lock";
    private const string UseLock = ".use";
    private const string SourceList = ".sources";
    private const long MaxCuredBytes = 64 << 20;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    private readonly Dictionary<string, FileStream> _used = new(StringComparer.Ordinal);

    /// <summary>Creates an instance for one session, with the folder of the user.</summary>
    public static NativeFolders OfUser()
    {
        const Environment.SpecialFolder Data = Environment.SpecialFolder.LocalApplicationData;
        var folder = Environment.GetFolderPath(Data, Environment.SpecialFolderOption.Create);
        return new(Path.Combine(folder, "mnistlab", "natives"), TimeProvider.System);
    }

    /// <summary>
    /// Creates the folder for a set of files, or reuses an existing one, and locks it until this instance is disposed.
    /// </summary>
    /// <param name="files">The paths of the native libraries by file name.</param>
    /// <param name="cancellationToken">
    /// A token that cancels the wait for another notebook that is creating or removing a folder.
    /// </param>
    /// <returns>The combined paths by file name; the original ones if combining is not necessary.</returns>
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
            // Opening the file for reading locks it against removal of the folder, but not against other users.
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
                // Retried when the next folder is created.
            }
        }
    }

    // A folder with the suffix must be left over from a killed process, because this process holds the lock that is
    // required to create one.
    private bool IsUnneeded(string folder) => folder.EndsWith(AtomicFolder.Suffix, StringComparison.Ordinal)
        || time.GetUtcNow() - Directory.GetLastWriteTimeUtc(folder) > Kept
        || !SourcesOf(folder).All(File.Exists);

    private static IEnumerable<string> SourcesOf(string folder)
    {
        var list = Path.Combine(folder, SourceList);
        return File.Exists(list)
            ? File.ReadAllLines(list)
            // Earlier versions of the kernel did not write the list.
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
        // Large libraries are not changed, to avoid reading them whole.
        if (new FileInfo(file).Length > MaxCuredBytes) return null;
        var image = File.ReadAllBytes(file);
        return ElfVersionNeed.Weaken(image, UnneededVersion, out _) ? image : null;
    }
}
