using System.Runtime.InteropServices;

namespace MnistLab.Kernel;

/// <summary>Links to files, by which a large file gets a second place without a second copy.</summary>
internal static class FileLink
{
    /// <summary>Makes a link; a copy where the system does not link files for everybody.</summary>
    public static void Create(string link, string file)
    {
        if (!OperatingSystem.IsWindows()) File.CreateSymbolicLink(link, file);
        else if (!Native.CreateHardLink(link, file, 0)) File.Copy(file, link);
    }

    private static class Native
    {
        [DllImport("kernel32.dll", EntryPoint = "CreateHardLinkW", CharSet = CharSet.Unicode, SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        public static extern bool CreateHardLink(string link, string file, nint securityAttributes);
    }
}
