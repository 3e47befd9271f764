using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MnistLab.Serving;

/// <summary>
/// Small JSON files by which processes tell each other how things stand. Readers see the old content or the new, never
/// a part.
/// </summary>
internal static class AtomicJsonFile
{
    /// <summary>Writes a file that only the current user can read.</summary>
    public static void Write<T>(string path, T content, JsonTypeInfo<T> type)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(temporary, options))
            {
                JsonSerializer.Serialize(stream, content, type);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Reads a file; null if there is none.</summary>
    /// <exception cref="InvalidDataException">The file is not what it has to be.</exception>
    public static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            // Deletion is shared, so that on Windows too the file can be replaced while it is being read.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return JsonSerializer.Deserialize(reader.ReadToEnd(), type) ?? throw new InvalidDataException($"{path} is empty.");
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
