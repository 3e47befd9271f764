using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MnistLab.Hosting;

namespace MnistLab.Kernel.Libraries;

/// <summary>Represents a snapshot of a folder of libraries.</summary>
internal sealed class LibrarySnapshot
{
    private static readonly string[] Written = [".dll", ".exe", ".pdb", ".xml", ".json"];

    private readonly List<(string File, FileState State)> _files;

    private LibrarySnapshot(string folder, List<(string File, FileState State)> files) => (Folder, _files) = (folder, files);

    /// <summary>Gets the folder of the snapshot.</summary>
    public string Folder { get; }

    /// <summary>Takes a snapshot of a folder, or reuses an existing one if the folder has not changed since.</summary>
    public static LibrarySnapshot Take(string source, string root, TimeProvider time)
    {
        var files = Directory
            .GetFiles(source)
            .Order(StringComparer.Ordinal)
            .Where(IsWrittenByABuild)
            .Select(file => (file, FileState.Of(file)))
            .ToList();
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Join('\n', files.Select(file => $"{file.file} {file.Item2}").Prepend(source)))))[..16];
        var target = Path.Combine(root, name);
        if (!Directory.Exists(target)) Make(source, target, files.Select(file => file.file).ToHashSet(StringComparer.Ordinal));
        Directory.SetLastWriteTimeUtc(target, time.GetUtcNow().UtcDateTime);
        return new(target, files);
    }

    /// <summary>
    /// Returns the names of the libraries (<c>.dll</c>) that have changed since the snapshot, once for each change.
    /// </summary>
    public IEnumerable<string> TakeChanges()
    {
        for (var i = 0; i < _files.Count; i++)
        {
            var (file, before) = _files[i];
            // A file may be missing temporarily while a build is running.
            if (!File.Exists(file) || FileState.Of(file) is var now && now == before) continue;
            _files[i] = (file, now);
            if (Path.GetExtension(file) == ".dll") yield return Path.GetFileName(file);
        }
    }

    private static void Make(string source, string target, HashSet<string> copied)
    {
        try
        {
            AtomicFolder.Create(target, snapshot =>
            {
                foreach (var file in Directory.GetFiles(source))
                {
                    var to = Path.Combine(snapshot, Path.GetFileName(file));
                    if (copied.Contains(file)) File.Copy(file, to);
                    else FileLink.Create(to, Target(file));
                }

                // On Windows, only administrators can link folders; their files are then found in the original folder.
                if (OperatingSystem.IsWindows()) return;
                foreach (var folder in Directory.GetDirectories(source))
                    Directory.CreateSymbolicLink(Path.Combine(snapshot, Path.GetFileName(folder)), folder);
            });
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another notebook has created the same snapshot in the meantime.
        }
    }

    private static bool IsWrittenByABuild(string file) =>
        Written.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
            && !Target(file).StartsWith(Packages, StringComparison.Ordinal);

    private static string Packages { get; } =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Target(string file) => File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;

    /// <summary>Represents the length and time of a file, by which a change is detected.</summary>
    private readonly record struct FileState(long Length, long Ticks)
    {
        public static FileState Of(string file) =>
            new FileInfo(Target(file)) is var info ? new(info.Length, info.LastWriteTimeUtc.Ticks) : default;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Length} {Ticks}");
    }
}
