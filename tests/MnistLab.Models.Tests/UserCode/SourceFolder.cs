using MnistLab.Testing;

namespace MnistLab.Models.Tests;

/// <summary>Represents the separate folder of C# files of a test.</summary>
internal sealed class SourceFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string content)
    {
        File.WriteAllText(_folder[name], content);
        return _folder[name];
    }

    public void Dispose() => _folder.Dispose();
}
