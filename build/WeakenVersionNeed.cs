#nullable enable

using System.Text;
#if !MNISTLAB_KERNEL
using System;
using System.Collections.Generic;
using Microsoft.Build.Framework;
#endif

namespace MnistLab.Build;

#if !MNISTLAB_KERNEL
/// <summary>
/// Marks a required symbol version of an ELF library as weak, so that the library also loads where that version is
/// missing. The file is replaced rather than modified in place: if it is a link, its target stays unchanged.
/// </summary>
/// <remarks>
/// Does nothing if the library does not require the version, if the requirement is already weak, or if a symbol that
/// could be called requires it.
/// </remarks>
public sealed class WeakenVersionNeed : Microsoft.Build.Utilities.Task
{
    /// <summary>The library to make loadable.</summary>
    [Required]
    public string File { get; set; } = "";

    /// <summary>The version to weaken, such as GLIBCXX_3.4.32.</summary>
    [Required]
    public string Version { get; set; } = "";

    /// <summary>Whether the file was replaced.</summary>
    [Output]
    public bool Changed { get; set; }

    /// <summary>Replaces <see cref="File"/> with a copy in which the version is marked as weak, if necessary.</summary>
    public override bool Execute()
    {
        byte[] image = System.IO.File.ReadAllBytes(File);
        if (!ElfVersionNeed.Weaken(image, Version, out string? keptBecause))
        {
            Log.LogMessage(MessageImportance.Low, "{0} is unchanged: {1}.", File, keptBecause);
            return true;
        }

        string temporary = File + "." + Guid.NewGuid().ToString("N");
        System.IO.File.WriteAllBytes(temporary, image);
        System.IO.File.Delete(File);
        System.IO.File.Move(temporary, File);
        Changed = true;
        Log.LogMessage(MessageImportance.Normal, "{0}: the requirement of {1} is now weak.", File, Version);
        return true;
    }
}
#endif

/// <summary>Reads and changes the symbol versions that an ELF library requires from other libraries.</summary>
/// <remarks>Format: System V ABI, chapter 4 (ELF-64), and the Linux Standard Base, "Symbol Versioning" (Elfxx_Verneed, Elfxx_Vernaux).</remarks>
internal static class ElfVersionNeed
{
    // GCC 13 puts this undefined symbol into every object that includes <iostream>; it has no relocation, so nothing ever calls it.
    private const string Marker = "_ZSt21ios_base_library_initv";
    private const ushort Weak = 2;
    private const uint DynamicSymbols = 11;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint VersionOfSymbols = 0x6fffffff;

    /// <summary>Sets the weak flag of the version in the image of a 64-bit little-endian ELF file.</summary>
    /// <returns>Whether the image changed; if not, <paramref name="keptBecause"/> says why.</returns>
    public static bool Weaken(byte[] image, string version, out string? keptBecause)
    {
        if (image.Length < 64 || image[0] != 0x7f || image[1] != 'E' || image[2] != 'L' || image[3] != 'F' || image[4] != 2 || image[5] != 1)
        {
            keptBecause = "it is not a 64-bit little-endian ELF file";
            return false;
        }

        List<Section> sections = Section.ReadAll(image);
        foreach (Section needs in sections.FindAll(section => section.Type == VersionNeeds))
        {
            foreach (int auxiliary in Auxiliaries(image, needs))
            {
                if (Text(image, sections[needs.Link], BitConverter.ToUInt32(image, auxiliary + 8)) != version) continue;

                ushort flags = BitConverter.ToUInt16(image, auxiliary + 4);
                if ((flags & Weak) != 0)
                {
                    keptBecause = version + " is already weak";
                    return false;
                }

                string? other = SymbolsOf(image, sections, BitConverter.ToUInt16(image, auxiliary + 6)).Find(symbol => symbol != Marker);
                if (other != null)
                {
                    keptBecause = version + " is required by " + other;
                    return false;
                }

                BitConverter.GetBytes((ushort)(flags | Weak)).CopyTo(image, auxiliary + 4);
                keptBecause = null;
                return true;
            }
        }

        keptBecause = "it does not require " + version;
        return false;
    }

    private static IEnumerable<int> Auxiliaries(byte[] image, Section needs)
    {
        for (int need = needs.Offset; ; need += (int)BitConverter.ToUInt32(image, need + 12))
        {
            int auxiliary = need + (int)BitConverter.ToUInt32(image, need + 8);
            for (int left = BitConverter.ToUInt16(image, need + 2); left > 0; left--)
            {
                yield return auxiliary;
                auxiliary += (int)BitConverter.ToUInt32(image, auxiliary + 12);
            }

            if (BitConverter.ToUInt32(image, need + 12) == 0) yield break;
        }
    }

    private static List<string> SymbolsOf(byte[] image, List<Section> sections, ushort versionIndex)
    {
        var names = new List<string>();
        Section? symbols = sections.Find(section => section.Type == DynamicSymbols);
        Section? versions = sections.Find(section => section.Type == VersionOfSymbols);
        if (symbols == null || versions == null) return names;
        for (int i = 0; i < symbols.Size / 24; i++)
        {
            if (BitConverter.ToUInt16(image, versions.Offset + (2 * i)) == versionIndex)
                names.Add(Text(image, sections[symbols.Link], BitConverter.ToUInt32(image, symbols.Offset + (24 * i))));
        }

        return names;
    }

    private static string Text(byte[] image, Section strings, uint offset)
    {
        int start = strings.Offset + (int)offset;
        return Encoding.ASCII.GetString(image, start, Array.IndexOf(image, (byte)0, start) - start);
    }

    private sealed class Section
    {
        public uint Type;
        public int Offset;
        public int Size;
        public int Link;

        public static List<Section> ReadAll(byte[] image)
        {
            int table = (int)BitConverter.ToUInt64(image, 0x28);
            int entrySize = BitConverter.ToUInt16(image, 0x3a);
            int count = BitConverter.ToUInt16(image, 0x3c);
            var sections = new List<Section>(count);
            for (int i = 0; i < count; i++)
            {
                int header = table + (i * entrySize);
                sections.Add(new Section
                {
                    Type = BitConverter.ToUInt32(image, header + 4),
                    Offset = (int)BitConverter.ToUInt64(image, header + 0x18),
                    Size = (int)BitConverter.ToUInt64(image, header + 0x20),
                    Link = (int)BitConverter.ToUInt32(image, header + 0x28),
                });
            }

            return sections;
        }
    }
}
