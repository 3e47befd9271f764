using Microsoft.CodeAnalysis;
using MnistLab.Kernel.Libraries;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class MappedMetadataTests
{
    [Fact]
    public void Reference_ToAnAssembly_MapsItsMetadataAndClosesTheFile()
    {
        using var folder = new TemporaryFolder();
        var file = folder["Library.dll"];
        File.Copy(typeof(System.Xml.Linq.XElement).Assembly.Location, file);

        var reference = MappedMetadata.ReferenceTo(file);

        var module = Assert.Single(((AssemblyMetadata)reference.GetMetadata()).GetModules());
        Assert.Equal(Path.GetFileName(typeof(System.Xml.Linq.XElement).Assembly.Location), module.Name);
        Assert.Equal(file, reference.FilePath);
        if (!OperatingSystem.IsLinux()) return;
        Assert.Contains(File.ReadLines("/proc/self/maps"), mapping => mapping.EndsWith(file, StringComparison.Ordinal));
        Assert.DoesNotContain(
            Directory.GetFiles("/proc/self/fd"), descriptor => new FileInfo(descriptor).LinkTarget == file);
    }
}
