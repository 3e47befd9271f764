namespace MnistLab.Notebooks.Display;

/// <summary>Reads the HTML, CSS, and JavaScript files that are compiled into this assembly.</summary>
internal static class EmbeddedFile
{
    /// <summary>Returns the text of a file.</summary>
    /// <param name="name">The file's name, without a folder.</param>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"The assembly contains no file '{name}'.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
