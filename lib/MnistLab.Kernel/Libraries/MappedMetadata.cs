using System.IO.MemoryMappedFiles;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace MnistLab.Kernel.Libraries;

/// <summary>
/// Maps the metadata of assemblies into memory for the compiler, whose own references copy whole files, with their
/// machine code: 60 MB for the platform. All processes share the mapped pages, and only those that are read take
/// memory.
/// </summary>
internal static class MappedMetadata
{
    /// <summary>
    /// Creates a reference to an assembly. The file must be valid, and must not change as long as the process runs.
    /// </summary>
    public static PortableExecutableReference ReferenceTo(string file)
    {
        using var stream = File.OpenRead(file);
        var headers = new PEHeaders(stream);
        using var map = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        // The view outlives the file.
        var view = map.CreateViewAccessor(
            headers.MetadataStartOffset, headers.MetadataSize, MemoryMappedFileAccess.Read);
        var start = view.SafeMemoryMappedViewHandle.DangerousGetHandle() + (nint)view.PointerOffset;
        var module = ModuleMetadata.CreateFromMetadata(start, headers.MetadataSize, view.Dispose);
        return AssemblyMetadata.Create(module).GetReference(new AssemblyDocumentation(file), filePath: file);
    }
}
