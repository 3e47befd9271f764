using System.Text.Json;

namespace MnistLab.Data;

/// <summary>
/// What the writers of files keep with them, in a folder of its own: a file per content, named by the content's tag. So an object never shows another content's metadata:
/// they are written before the content takes the object's name, and what belongs to no content any more is never read.
/// </summary>
internal sealed class FolderMetadata(string root)
{
    // Below the root, but no bucket: a bucket's name begins with a letter or a digit.
    private const string FolderName = ".metadata";
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public IReadOnlyDictionary<string, string> Read(ObjectUrl url, string eTag)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(FileOf(url, eTag))) ?? ObjectInfo.NoMetadata;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return ObjectInfo.NoMetadata;
        }
        catch (JsonException error)
        {
            throw new ObjectStoreException(ObjectStoreError.Corrupted, $"The metadata of {url} in {root} are damaged. Write the object again.", error);
        }
    }

    public void Write(ObjectUrl url, string eTag, IReadOnlyDictionary<string, string> metadata)
    {
        var file = FileOf(url, eTag);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(metadata));
    }

    /// <summary>Removes those of one content.</summary>
    public void Forget(ObjectUrl url, string eTag)
    {
        var file = FileOf(url, eTag);
        if (File.Exists(file)) File.Delete(file);
    }

    /// <summary>Removes those of contents that were replaced.</summary>
    public void Tidy(ObjectUrl url, string eTag)
    {
        var folder = FolderOf(url);
        if (!Directory.Exists(folder)) return;
        // Those of another writer that has not placed its content yet are young.
        foreach (var file in new DirectoryInfo(folder).GetFiles())
        {
            if (file.Name != eTag && DateTime.UtcNow - file.LastWriteTimeUtc > Patience) file.Delete();
        }
    }

    private string FolderOf(ObjectUrl url) => Path.Combine(root, FolderName, url.Bucket, FolderKey.ToFolderPath(url.Key + "/"));

    private string FileOf(ObjectUrl url, string eTag) => Path.Combine(FolderOf(url), eTag);
}
