using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MnistLab.Build.Tests;

/// <summary>Locates TorchSharp's native library, in the package and in the output of the build.</summary>
internal static class TorchSharpLibrary
{
    public const string Version = "GLIBCXX_3.4.32";

    public static string InOutputFolder => Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");

    public static string InPackage
    {
        get
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "The native library of this platform is not an ELF file.");
            var root = typeof(TorchSharpLibrary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(
                data => data.Key == "NuGetPackageRoot").Value!;
            var version = typeof(torch).Assembly.GetName().Version!.ToString(3);
            var platform = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
            return Path.Combine(root, "torchsharp", version, "runtimes", platform, "native", "libLibTorchSharp.so");
        }
    }
}
