using System.Diagnostics;
using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests.Container;

/// <summary>
/// Builds a base image like the one that the project specifies from what is installed on this machine: the .NET
/// runtime, the libraries of C and C++, OpenSSL, a temporary folder, and nothing else. It contains no shell.
/// </summary>
internal static partial class BaseImage
{
    /// <summary>The user that .NET images have besides root.</summary>
    public const string UserId = "1654";

    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string[] Packages = ["libc6", "libgcc-s1", "libstdc++6", "libssl3"];

    /// <summary>Writes the only layer of the image, an uncompressed tar file.</summary>
    public static void WriteLayer(string path)
    {
        using var tar = new TarWriter(File.Create(path));
        foreach (var folder in (string[])["usr", "usr/bin", "usr/lib", "usr/lib64", "etc", "proc", "dev", "store"])
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, folder) { Mode = Executable });
        const UnixFileMode Writable = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;
        tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "tmp") { Mode = Executable | Writable });
        Link(tar, "lib", "usr/lib");
        Link(tar, "lib64", "usr/lib64");
        Link(tar, "usr/bin/dotnet", "../share/dotnet/dotnet");
        Write(tar, "etc/passwd", new MemoryStream(Encoding.UTF8.GetBytes(
            $"root:x:0:0:root:/root:/sbin/nologin\napp:x:{UserId}:{UserId}::/home/app:/sbin/nologin\n")));
        foreach (var library in Libraries()) Copy(tar, library, UnderUsr(library)[1..]);
        var runtime = RuntimeEnvironment.GetRuntimeDirectory().TrimEnd(Path.DirectorySeparatorChar);
        var aspNetCore = Path.GetDirectoryName(typeof(WebApplication).Assembly.Location)!;
        var dotnet = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        string[] files =
        [
            Path.Combine(dotnet, "dotnet"),
            .. Directory.EnumerateFiles(Path.Combine(dotnet, "host", "fxr", Path.GetFileName(runtime))),
            .. Directory.EnumerateFiles(runtime),
            .. Directory.EnumerateFiles(aspNetCore),
        ];
        foreach (var file in files)
            Copy(tar, file, $"usr/share/dotnet/{Path.GetRelativePath(dotnet, file)}");
    }

    private static IEnumerable<string> Libraries()
    {
        var start = new ProcessStartInfo(InstalledProgram.Require("dpkg"), ["-L", .. Packages])
        {
            RedirectStandardOutput = true,
        };
        using var dpkg = Process.Start(start)!;
        var all = dpkg.StandardOutput.ReadToEnd().Split('\n');
        dpkg.WaitForExit();
        Assert.Equal(0, dpkg.ExitCode);
        return all.Where(file => Library().IsMatch(file)).DistinctBy(UnderUsr);
    }

    // Older releases of Debian list the folders that have since become links to those below usr.
    private static string UnderUsr(string path) =>
        path.StartsWith("/lib", StringComparison.Ordinal) ? $"/usr{path}" : path;

    private static void Copy(TarWriter tar, string file, string name)
    {
        using var content = File.OpenRead(file);
        Write(tar, name, content);
    }

    private static void Write(TarWriter tar, string name, Stream content) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = Executable, DataStream = content });

    private static void Link(TarWriter tar, string name, string target) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target });

    // The libraries that programs are linked with, such as /lib/x86_64-linux-gnu/libm.so.6, and the loader itself.
    [GeneratedRegex(@"^(/usr)?/lib/[a-z0-9_]+-linux-gnu/lib[^/]*\.so\.[0-9]+$|/ld-linux[^/]*$")]
    private static partial Regex Library();
}
