using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace MnistLab.Serving.Tests.Container;

/// <summary>A file or a folder of a layer.</summary>
/// <param name="Name">Its path, without the slash at the beginning.</param>
/// <param name="IsFile">Whether it is a file.</param>
/// <param name="Mode">Who may read, write, and execute it.</param>
/// <param name="Length">Its size in bytes, not compressed.</param>
internal sealed record LayerEntry(string Name, bool IsFile, UnixFileMode Mode, long Length);

/// <summary>A container image in a tar file, as the SDK writes it and <c>docker load</c> reads it.</summary>
internal sealed class ContainerImage
{
    private readonly string _folder;
    private readonly string[] _layers;

    /// <param name="archive">The tar file.</param>
    /// <param name="folder">The folder that it is extracted to.</param>
    public ContainerImage(string archive, string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        TarFile.ExtractToDirectory(archive, _folder, overwriteFiles: false);
        var manifest = Json("manifest.json")[0]!;
        Tags = [.. manifest["RepoTags"]!.AsArray().Select(tag => $"{tag}")];
        _layers = [.. manifest["Layers"]!.AsArray().Select(layer => Path.Combine(_folder, $"{layer}"))];
        Config = Json($"{manifest["Config"]}")["config"]!;
    }

    /// <summary>Gets its names.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>Gets how it is run: user, variables, entry point, ports.</summary>
    public JsonNode Config { get; }

    /// <summary>Gets its variables.</summary>
    public IReadOnlyDictionary<string, string> Variables => Config["Env"]!.AsArray()
        .Select(variable => $"{variable}".Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Gets the command that it runs.</summary>
    public IReadOnlyList<string> EntryPoint => [.. Config["Entrypoint"]!.AsArray().Select(word => $"{word}")];

    /// <summary>Gets the number of its layers.</summary>
    public int LayerCount => _layers.Length;

    /// <summary>Gets the size of the last layer, the application, as it is downloaded.</summary>
    public long ApplicationBytes => new FileInfo(_layers[^1]).Length;

    /// <summary>Reads the files and folders of the last layer, without their content.</summary>
    public IReadOnlyList<LayerEntry> ReadApplication()
    {
        using var reader = new TarReader(Open(_layers[^1]));
        var entries = new List<LayerEntry>();
        while (reader.GetNextEntry() is { } entry)
        {
            var isFile = entry.EntryType is TarEntryType.RegularFile;
            entries.Add(new LayerEntry(entry.Name, isFile, entry.Mode, entry.Length));
        }

        return entries;
    }

    /// <summary>Unpacks all layers to a root file system.</summary>
    public string Unpack()
    {
        var root = Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;
        foreach (var layer in _layers)
        {
            using var content = Open(layer);
            TarFile.ExtractToDirectory(content, root, overwriteFiles: true);
        }

        return root;
    }

    private static Stream Open(string layer)
    {
        var file = File.OpenRead(layer);
        var isCompressed = file.ReadByte() == 0x1F;
        file.Position = 0;
        return isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private JsonNode Json(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, name)))!;
}
