using System.Diagnostics;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests.Container;

/// <summary>
/// Runs the program of an image as a container engine does: on the read-only root file system of the image, with a
/// temporary folder in memory, as a user who is not root and cannot gain privileges.
/// </summary>
internal static class ContainerProcess
{
    // The mounts belong to this process alone, and end with it.
    private const string Script =
        """
        set -e
        root=$1 store=$2 user=$3
        shift 3
        mount --bind "$root" "$root"
        mount --bind "$store" "$root/store"
        mount -o remount,bind,ro "$root/store"
        mount -t tmpfs -o mode=1777,size=64m tmpfs "$root/tmp"
        mount --rbind /proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount -o remount,bind,ro "$root"
        exec setpriv --no-new-privs chroot --userspec="$user:$user" "$root" "$@"
        """;

    /// <summary>
    /// Checks that the tests have permission to mount and to change the root. Otherwise, the test is skipped, visibly;
    /// with <c>CI=true</c>, it fails.
    /// </summary>
    public static void Require()
    {
        foreach (var program in (string[])["unshare", "mount", "setpriv", "chroot"]) InstalledProgram.Require(program);
        using var probe = Process.Start(new ProcessStartInfo("unshare", ["--mount", "chroot", "/", "true"])
        {
            RedirectStandardError = true,
        })!;
        probe.WaitForExit();
        if (probe.ExitCode == 0) return;
        const string Reason = "Mounts are not permitted here.";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Reason);
        Assert.Skip(Reason);
    }

    /// <summary>
    /// Returns the start information of the program, with these variables in addition to those of the image.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="root">The root file system of the image.</param>
    /// <param name="store">The folder of the object store, which is mounted as <c>/store</c>.</param>
    /// <param name="variables">The variables.</param>
    public static ProcessStartInfo StartInfo(
        ContainerImage image, string root, string store, params (string Name, string Value)[] variables)
    {
        var user = $"{image.Config["User"]}";
        var start = new ProcessStartInfo(
            "unshare", ["--mount", "sh", "-c", Script, "sh", root, store, user, .. image.EntryPoint]);
        start.Environment.Clear();
        // Administrators' programs, such as chroot, may be in folders that are not in the PATH of other users.
        foreach (var (name, value) in image.Variables) start.Environment[name] = value;
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return start;
    }
}
