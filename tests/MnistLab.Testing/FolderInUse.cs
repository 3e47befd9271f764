namespace MnistLab.Testing;

/// <summary>A folder that processes write to.</summary>
public static class FolderInUse
{
    /// <summary>Deletes the folder, again and again while a process puts files into it.</summary>
    /// <exception cref="IOException">Files keep coming.</exception>
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
                // A file has come since the folder was listed.
            }
        }
    }
}
