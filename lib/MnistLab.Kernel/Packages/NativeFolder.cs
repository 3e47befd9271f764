using System.Security.Cryptography;
using System.Text;
using MnistLab.Build;

namespace MnistLab.Kernel;

/// <summary>
/// The native libraries of several packages, side by side in one folder: a native library finds others only beside
/// itself, and packages may split them.
/// The files are linked, not copied, except for those that this system can load only when they are changed.
/// </summary>
internal static class NativeFolder
{
    // GCC 13 leaves a need for this version in every library that uses streams, without using anything of it. Debian
    // 12, Ubuntu 22.04 and RHEL 9 do not have it.
    private const string UnneededVersion = "GLIBCXX_3.4.32";

    private static string Root => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "mnistlab",
        "natives");

    /// <summary>Makes the folder, or finds the one that was made for the same files.</summary>
    /// <param name="files">The native libraries by file name.</param>
    /// <returns>Where each of them is now.</returns>
    public static IReadOnlyDictionary<string, string> Combine(IReadOnlyDictionary<string, string> files)
    {
        var changed = files
            .Where(file => OperatingSystem.IsLinux() && Cured(file.Value) is not null)
            .Select(file => file.Key)
            .ToHashSet(StringComparer.Ordinal);
        if (changed.Count == 0 && files.Values.Select(Path.GetDirectoryName).Distinct().Count() < 2) return files;

        var list = string.Join('\n', files.Values.Order(StringComparer.Ordinal));
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))[..16];
        var target = Path.Combine(Root, name);
        if (!Directory.Exists(target)) Make(files, changed, target);
        return files.ToDictionary(file => file.Key, file => Path.Combine(target, file.Key), StringComparer.OrdinalIgnoreCase);
    }

    private static void Make(IReadOnlyDictionary<string, string> files, HashSet<string> changed, string target)
    {
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        Directory.CreateDirectory(temporary);
        try
        {
            foreach (var (name, file) in files)
            {
                var to = Path.Combine(temporary, name);
                if (changed.Contains(name)) File.WriteAllBytes(to, Cured(file)!);
                else FileLink.Create(to, file);
            }

            Directory.Move(temporary, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another notebook was faster; its folder is the same.
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
    }

    private static byte[]? Cured(string file)
    {
        // The need is in a table near the beginning or the end; the large libraries of a package are not read for it.
        if (new FileInfo(file).Length > MaxCuredBytes) return null;
        var image = File.ReadAllBytes(file);
        return ElfVersionNeed.Weaken(image, UnneededVersion, out _) ? image : null;
    }

    private const long MaxCuredBytes = 64 << 20;
}
