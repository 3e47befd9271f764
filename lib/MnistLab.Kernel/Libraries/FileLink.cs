using System.Runtime.InteropServices;

namespace MnistLab.Kernel.Libraries;

/// <summary>Links files, so that a large file is available at a second path without a copy.</summary>
internal static class FileLink
{
    /// <summary>
    /// Creates a symbolic link, or a hard link on Windows. If Windows cannot create the link, copies the file.
    /// </summary>
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
