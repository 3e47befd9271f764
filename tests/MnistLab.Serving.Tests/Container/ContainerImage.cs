using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace MnistLab.Serving.Tests.Container;

/// <summary>Represents a file or folder of a layer.</summary>
/// <param name="Name">The path, without the slash at the beginning.</param>
/// <param name="IsFile">Whether the entry is a file.</param>
/// <param name="Mode">The permissions.</param>
/// <param name="Length">The uncompressed size in bytes.</param>
internal sealed record LayerEntry(string Name, bool IsFile, UnixFileMode Mode, long Length);

/// <summary>Represents a container image in a tar file, as the SDK writes it and <c>docker load</c> reads it.</summary>
internal sealed class ContainerImage
{
    private readonly string _folder;
    private readonly string[] _layers;

    /// <param name="archive">The tar file.</param>
    /// <param name="folder">The folder to extract the image to.</param>
    public ContainerImage(string archive, string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        TarFile.ExtractToDirectory(archive, _folder, overwriteFiles: false);
        var manifest = Json("manifest.json")[0]!;
        Tags = [.. manifest["RepoTags"]!.AsArray().Select(tag => $"{tag}")];
        _layers = [.. manifest["Layers"]!.AsArray().Select(layer => Path.Combine(_folder, $"{layer}"))];
        Config = Json($"{manifest["Config"]}")["config"]!;
    }

    /// <summary>Gets the names of the image.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>Gets the configuration with which the image runs: user, variables, entry point, ports.</summary>
    public JsonNode Config { get; }

    /// <summary>Gets the environment variables of the image.</summary>
    public IReadOnlyDictionary<string, string> Variables => Config["Env"]!.AsArray()
        .Select(variable => $"{variable}".Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Gets the command that the image runs.</summary>
    public IReadOnlyList<string> EntryPoint => [.. Config["Entrypoint"]!.AsArray().Select(word => $"{word}")];

    /// <summary>Gets the number of layers.</summary>
    public int LayerCount => _layers.Length;

    /// <summary>Gets the download size of the last layer, which contains the application.</summary>
    public long ApplicationBytes => new FileInfo(_layers[^1]).Length;

    /// <summary>Reads the list of files and folders in the last layer, without their content.</summary>
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
