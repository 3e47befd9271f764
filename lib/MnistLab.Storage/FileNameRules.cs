using System.Text;

namespace MnistLab.Storage;

/// <summary>
/// Validates segments of keys as file names, and finds names that a disk cannot tell apart. The rules are those of
/// Windows, the strictest system, and apply on every system.
/// </summary>
internal static class FileNameRules
{
    /// <summary>
    /// The characters that Windows does not allow in a name. A colon after a letter would also denote a drive, and lead
    /// out of the folder.
    /// </summary>
    public const string RefusedCharacters = "<>:\"/\\|?*";

    // The device names are reserved with any extension: aux.txt is also the device. CONIN$ and CONOUT$ are reserved
    // only without one, but are rejected with any extension as well.
    private static readonly HashSet<string> DeviceNames = new(
        [
            "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
            .. from port in (string[])["COM", "LPT"] from number in "0123456789¹²³" select $"{port}{number}",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns whether Windows treats a name as a device, such as <c>aux</c> or <c>COM1.log</c>.</summary>
    public static bool IsDevice(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return DeviceNames.Contains((dot < 0 ? name : name[..dot]).TrimEnd(' '));
    }

    /// <summary>Returns why a name is not a valid file name on Windows; null if it is valid.</summary>
    public static string? ProblemOf(string name) => name switch
    {
        "" or "." or ".." => "is not a name",
        _ when name.FirstOrDefault(c => c < ' ' || RefusedCharacters.Contains(c, StringComparison.Ordinal)) is var bad and not '\0' =>
            FormattableString.Invariant($"contains the character {(bad < ' ' ? $"U+{(int)bad:X4}" : $"'{bad}'")}"),
        _ when name.Contains('\0', StringComparison.Ordinal) => "contains the character U+0000",
        _ when name[^1] is '.' or ' ' => $"ends with a {(name[^1] == '.' ? "dot" : "blank")}",
        _ when IsDevice(name) => "is the name of a device",
        _ => null,
    };

    /// <summary>Returns the path of a file in a folder, given the segments of its name.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="relativeKey">The name, with slashes between its segments.</param>
    /// <param name="isWindows">Whether to apply the rules of Windows; other systems accept almost any name.</param>
    /// <exception cref="IOException">
    /// A segment is not a valid name there, or the result lies outside of the folder; the message says which.
    /// </exception>
    public static string Combine(string folder, string relativeKey, bool isWindows)
    {
        var segments = relativeKey.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var segment in segments)
        {
            var problem = isWindows || segment is "." or ".." ? ProblemOf(segment) : null;
            if (problem is not null)
            {
                throw new IOException(
                    $"'{relativeKey}' cannot be a file in {folder}: '{segment}' {problem}. Rename the object, or copy it separately.");
            }
        }

        var path = Path.Combine([folder, .. segments]);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        return Path.GetFullPath(path).StartsWith(root, StringComparison.Ordinal)
            ? path
            : throw new IOException($"'{relativeKey}' would be a file outside {folder}. Rename the object, or copy it separately.");
    }

    /// <summary>
    /// Returns the paths of objects as files in a folder, which is created if necessary to find out whether its disk
    /// ignores case.
    /// </summary>
    /// <exception cref="IOException">
    /// A name is not valid on this system, or two names denote the same file on this disk; the message names them.
    /// </exception>
    public static IReadOnlyList<string> PathsOf(string folder, IReadOnlyList<string> relativeKeys)
    {
        string[] paths = [.. relativeKeys.Select(key => Combine(folder, key, OperatingSystem.IsWindows()))];
        if (FindClash(relativeKeys) is not var (key, other)) return paths;
        Directory.CreateDirectory(folder);
        return DiskNames.IsCaseSensitive(folder)
            ? paths
            : throw new IOException(
                $"'{key}' and '{other}' would be the same file in {folder}, because its disk ignores case. Copy one of them separately.");
    }

    /// <summary>
    /// Returns two keys that denote the same file on a disk that ignores case and Unicode normalization, as those of
    /// Windows and macOS do; null if there are none. Folder names matter, too: <c>b/1</c> and <c>B/2</c> would
    /// share one folder.
    /// </summary>
    public static (string Key, string Other)? FindClash(IEnumerable<string> keys)
    {
        var known = new Dictionary<string, (string Prefix, string Key)>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            for (var end = key.IndexOf('/', StringComparison.Ordinal); ; end = key.IndexOf('/', end + 1))
            {
                var prefix = end < 0 ? key : key[..end];
                if (known.TryGetValue(Fold(prefix), out var other) && other.Prefix != prefix) return (other.Key, key);
                known.TryAdd(Fold(prefix), (prefix, key));
                if (end < 0) break;
            }
        }

        return null;
    }

    /// <summary>
    /// Returns the path of an existing entry whose name differs from the given path only in case or Unicode
    /// normalization; null if there is none. On a disk that distinguishes such names, the result is always null.
    /// </summary>
    /// <param name="root">A folder whose own name is not checked.</param>
    /// <param name="relativePath">The path relative to <paramref name="root"/>.</param>
    /// <param name="disk">The disk.</param>
    public static string? FindAlias(string root, string relativePath, IDiskNames disk)
    {
        var path = root;
        foreach (var name in relativePath.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(path, name);
            if (!disk.Exists(next)) return null;
            // If the name also exists with its case flipped, the disk probably ignores case: list the folder for the
            // actual name.
            var flipped = Flip(name);
            var isSuspect = !Ascii.IsValid(name) || (flipped != name && disk.Exists(Path.Combine(path, flipped)));
            if (isSuspect && disk.NamesIn(path).ToList() is var names && !names.Contains(name))
                return Path.Combine(path, names.FirstOrDefault(other => Fold(other) == Fold(name)) ?? name);
            path = next;
        }

        return null;
    }

    private static string Fold(string name) => name.Normalize().ToUpperInvariant();

    private static string Flip(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterLower(c) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));
}

/// <summary>Represents how a disk looks up and stores names.</summary>
internal interface IDiskNames
{
    /// <summary>Returns whether the disk finds a file or folder at a path.</summary>
    bool Exists(string path);

    /// <summary>Returns the names in a folder as they were created.</summary>
    IEnumerable<string> NamesIn(string folder);
}

/// <summary>Represents the disks of this machine.</summary>
internal sealed class DiskNames : IDiskNames
{
    public static DiskNames Instance { get; } = new();

    public bool Exists(string path) => Path.Exists(path);

    public IEnumerable<string> NamesIn(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry));

    /// <summary>Returns whether an existing folder is on a case-sensitive disk.</summary>
    public static bool IsCaseSensitive(string folder)
    {
        var name = $".case-{Guid.NewGuid():N}";
        using var probe = new FileStream(
            Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        return !File.Exists(Path.Combine(folder, name.ToUpperInvariant()));
    }
}
