namespace MnistLab.Testing;

/// <summary>Represents the temporary folder of one test, which is deleted with its contents.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mnistlab-").FullName;

    /// <summary>Returns the full path of a file or folder in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
