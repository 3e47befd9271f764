namespace MnistLab.Testing;

/// <summary>Represents a folder that processes are writing to.</summary>
public static class FolderInUse
{
    /// <summary>Deletes the folder, and retries while a process creates files in it.</summary>
    /// <exception cref="IOException">A process keeps creating files.</exception>
    public static void Delete(string path)
    {
        var end = DateTime.UtcNow + Patience.Limit;
        while (Directory.Exists(path))
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (IOException) when (DateTime.UtcNow < end)
            {
                // A file was created after the folder was listed.
            }
        }
    }
}
