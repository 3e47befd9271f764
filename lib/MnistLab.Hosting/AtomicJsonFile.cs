using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MnistLab.Hosting;

/// <summary>
/// Reads and writes the small JSON files through which processes share their state. Writes are atomic: readers see
/// either the old or the new content.
/// </summary>
public static class AtomicJsonFile
{
    /// <summary>
    /// Writes a file that only the current user can read. If its folder has been deleted, it is not created again.
    /// </summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="content">The content.</param>
    /// <param name="type">The JSON metadata of the content.</param>
    /// <inheritdoc cref="AtomicFile.WriteAsync" path="/exception"/>
    public static void Write<T>(string path, T content, JsonTypeInfo<T> type) => AtomicFile.Replace(
        path,
        file => JsonSerializer.Serialize(file, content, type),
        UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <summary>Reads a file; returns null if it does not exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">The JSON metadata of the content.</param>
    /// <exception cref="InvalidDataException">The content is not valid JSON of this type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to read the file.</exception>
    public static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            // FileShare.Delete allows the file to be replaced while it is being read, on Windows as well.
            const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, Share);
            using var reader = new StreamReader(file);
            return JsonSerializer.Deserialize(reader.ReadToEnd(), type)
                ?? throw new InvalidDataException($"{path} is empty.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} cannot be read: {exception.Message}", exception);
        }
    }
}
