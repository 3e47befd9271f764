using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace MnistLab.Models.UserCode;

/// <summary>
/// Reads a user's source file. A file that cannot be C# is rejected with the reason instead of many syntax errors.
/// </summary>
internal static class SourceFile
{
    private const int LargestFile = 10 * 1024 * 1024;

    /// <exception cref="UserCodeException">The file is missing, too large, empty, or not C# text.</exception>
    public static SourceText Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        if (!File.Exists(file)) throw new UserCodeException($"There is no file {file}.");
        var length = new FileInfo(file).Length;
        if (length > LargestFile)
            throw new UserCodeException(FormattableString.Invariant(
                $"{file} is larger than {LargestFile >> 20} MB ({length} bytes), the maximum for a C# file."));

        // An encoding is required, because otherwise the compiler does not write symbols.
        var text = SourceText.From(new MemoryStream(File.ReadAllBytes(file)), Encoding.UTF8);
        var start = text.ToString(TextSpan.FromBounds(0, Math.Min(text.Length, 4096)));
        if (text.ToString().AsSpan().Trim('\uFEFF').IsWhiteSpace())
            throw new UserCodeException($"{file} is empty: put the program or the class there.");
        if (WebPage.IsMatch(start))
            throw new UserCodeException(
                $"{file} is an HTML page, not C#. The web page that shows the file was saved instead of the file itself: "
                + "download the raw file.");
        if (start.Contains('\0', StringComparison.Ordinal))
            throw new UserCodeException($"{file} is not text: save the file as UTF-8.");
        return text;
    }
}
