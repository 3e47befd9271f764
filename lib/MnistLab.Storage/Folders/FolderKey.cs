using System.Text;

namespace MnistLab.Storage.Folders;

/// <summary>
/// Maps keys of objects to paths of files. Plain keys stay as they are: <c>datasets/train.gz</c> is the file
/// <c>train.gz</c> in the folder <c>datasets</c>. The mapping is the same on every system, so that a store can be
/// copied from one to another.
/// </summary>
/// <remarks>
/// Characters that <see cref="FileNameRules"/> rejects are written as <c>%</c> and two hexadecimal digits. A store may
/// hold both <c>a</c> and <c>a/b</c>, whereas a folder may not; therefore files without a dot in their name end with
/// <c>%f</c>, and folders with a dot end with <c>%d</c>. A name that is too long is split into folders that end with
/// <c>%+</c>.
/// </remarks>
internal static class FolderKey
{
    private const string FileMark = "%f";
    private const string FolderMark = "%d";
    private const string ContinuedMark = "%+";
    private const int MaxName = 200;

    /// <summary>Returns the name of the folder of a bucket.</summary>
    public static string ToBucketFolder(string bucket) => WithoutDevice(bucket);

    /// <summary>Returns the path of the file of an object, relative to the folder of its bucket.</summary>
    public static string ToFilePath(string key)
    {
        var slash = key.LastIndexOf('/');
        var name = key[(slash + 1)..];
        var mark = name.Contains('.', StringComparison.Ordinal) ? "" : FileMark;
        return Path.Combine(ToFolderPath(key[..(slash + 1)]), Encode(name, mark));
    }

    /// <summary>Returns the path of the folder of a prefix, which is empty or ends with a slash.</summary>
    public static string ToFolderPath(string prefix) => Path.Combine(
    [
        .. prefix.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Select(name => Encode(name, name.Contains('.', StringComparison.Ordinal) ? FolderMark : "")),
    ]);

    /// <summary>
    /// Returns the key of the file at a path relative to the folder of its bucket. The result is meaningless if no
    /// object maps to that path.
    /// </summary>
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

    private static string Encode(string name, string mark)
    {
        var (encoded, part) = (new StringBuilder(), new StringBuilder());
        var runes = name.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            var rune = runes[i];
            var isLast = i == runes.Length - 1;
            // Windows drops dots and blanks at the end of a name, so the last one is escaped.
            var isRefused = rune.IsAscii && (rune.Value is '%' || (isLast && rune.Value is '.' or ' ')
                || FileNameRules.RefusedCharacters.Contains((char)rune.Value, StringComparison.Ordinal));
            var text = isRefused ? Escape((char)rune.Value) : rune.ToString();
            if (Encoding.UTF8.GetByteCount(part.ToString()) + Encoding.UTF8.GetByteCount(text) > MaxName)
            {
                encoded.Append(WithoutDevice($"{part}{ContinuedMark}")).Append(Path.DirectorySeparatorChar);
                part.Clear();
            }

            part.Append(text);
        }

        return encoded.Append(WithoutDevice($"{part}{mark}")).ToString();
    }

    private static string WithoutDevice(string name) => FileNameRules.IsDevice(name) ? Escape(name[0]) + name[1..] : name;

    private static string Escape(char character) => FormattableString.Invariant($"%{(int)character:X2}");
}
