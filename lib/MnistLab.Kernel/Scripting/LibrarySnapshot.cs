using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MnistLab.Hosting;

namespace MnistLab.Kernel;

/// <summary>A folder of libraries as it was at one moment.</summary>
internal sealed class LibrarySnapshot
{
    private static readonly string[] Written = [".dll", ".exe", ".pdb", ".xml", ".json"];

    private readonly List<(string File, FileState State)> _files;

    private LibrarySnapshot(string folder, List<(string File, FileState State)> files) => (Folder, _files) = (folder, files);

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>Takes a snapshot, or finds that of a folder that is as it was then.</summary>
    public static LibrarySnapshot Take(string source, string root, TimeProvider time)
    {
        var files = Directory.GetFiles(source).Order(StringComparer.Ordinal).Where(IsWrittenByABuild).Select(file => (file, FileState.Of(file))).ToList();
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', files.Select(file => $"{file.file} {file.Item2}").Prepend(source)))))[..16];
        var target = Path.Combine(root, name);
        if (!Directory.Exists(target)) Make(source, target, files.Select(file => file.file).ToHashSet(StringComparer.Ordinal));
        Directory.SetLastWriteTimeUtc(target, time.GetUtcNow().UtcDateTime);
        return new(target, files);
    }

    /// <summary>The names of the files that changed since, each told once for each change.</summary>
    public IEnumerable<string> TakeChanges()
    {
        for (var i = 0; i < _files.Count; i++)
        {
            var (file, before) = _files[i];
            // While a build is at it, a file may be missing for a moment.
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

                // On Windows only administrators may link folders; what is in them is then found where it was.
                if (OperatingSystem.IsWindows()) return;
                foreach (var folder in Directory.GetDirectories(source))
                    Directory.CreateSymbolicLink(Path.Combine(snapshot, Path.GetFileName(folder)), folder);
            });
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another notebook was faster; its snapshot is the same.
        }
    }

    private static bool IsWrittenByABuild(string file) =>
        Written.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) && !Target(file).StartsWith(Packages, StringComparison.Ordinal);

    private static string Packages { get; } =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder ? folder : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Target(string file) => File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;

    /// <summary>By what a file that was written again is known.</summary>
    private readonly record struct FileState(long Length, long Ticks)
    {
        public static FileState Of(string file) => new FileInfo(Target(file)) is var info ? new(info.Length, info.LastWriteTimeUtc.Ticks) : default;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Length} {Ticks}");
    }
}
