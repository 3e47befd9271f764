using System.Text;

namespace MnistLab.Data;

/// <summary>
/// Keys of objects as paths of files. Plain keys stay as they are: <c>datasets/train.gz</c> is the file <c>train.gz</c> in the folder <c>datasets</c>.
/// </summary>
/// <remarks>
/// What some file system refuses is written as <c>%</c> and two hexadecimal digits. A store may hold both <c>a</c> and <c>a/b</c>, a folder may not, so names are marked
/// where they are not what they look like: a file without a dot ends with <c>%f</c>, a folder with one ends with <c>%d</c>. A name too long is cut into folders that end with <c>%+</c>.
/// </remarks>
internal static class FolderKey
{
    private const string FileMark = "%f";
    private const string FolderMark = "%d";
    private const string ContinuedMark = "%+";
    private const int LongestName = 200;
    private const string Refused = "%<>:\"|?*";

    /// <summary>The path of the file of an object, relative to its bucket's folder.</summary>
    public static string ToFilePath(string key)
    {
        var slash = key.LastIndexOf('/');
        var name = key[(slash + 1)..];
        return Path.Combine(ToFolderPath(key[..(slash + 1)]), Encode(name) + (name.Contains('.', StringComparison.Ordinal) ? "" : FileMark));
    }

    /// <summary>The path of the folder of a prefix, which is empty or ends with a slash.</summary>
    public static string ToFolderPath(string prefix) => Path.Combine(
        [.. prefix.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(name => Encode(name) + (name.Contains('.', StringComparison.Ordinal) ? FolderMark : ""))]);

    /// <summary>The key of the file at a path relative to its bucket's folder; meaningless where no object has that path.</summary>
    public static string FromPath(string path)
    {
        var key = new StringBuilder();
        foreach (var part in path.Split(Path.DirectorySeparatorChar))
        {
            if (part.EndsWith(ContinuedMark, StringComparison.Ordinal))
            {
                key.Append(Uri.UnescapeDataString(part[..^ContinuedMark.Length]));
                continue;
            }

            var marked = part.EndsWith(FileMark, StringComparison.Ordinal) || part.EndsWith(FolderMark, StringComparison.Ordinal);
            key.Append(Uri.UnescapeDataString(marked ? part[..^FileMark.Length] : part)).Append('/');
        }

        return key.ToString().TrimEnd('/');
    }

    private static string Encode(string name)
    {
        var (encoded, part) = (new StringBuilder(), new StringBuilder());
        var runes = name.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            var rune = runes[i];
            var isLast = i == runes.Length - 1;
            // Windows drops dots and spaces at the end of a name.
            var refused = rune.IsAscii && (Refused.Contains((char)rune.Value, StringComparison.Ordinal) || (isLast && rune.Value is '.' or ' '));
            var text = refused ? $"%{rune.Value:X2}" : rune.ToString();
            if (Encoding.UTF8.GetByteCount(part.ToString()) + Encoding.UTF8.GetByteCount(text) > LongestName)
            {
                encoded.Append(part).Append(ContinuedMark).Append(Path.DirectorySeparatorChar);
                part.Clear();
            }

            part.Append(text);
        }

        return encoded.Append(part).ToString();
    }
}
