namespace MnistLab.Data.Datasets;

/// <summary>Reads the addresses of mirrors, as people write them.</summary>
public static class MirrorList
{
    /// <summary>What to write instead of addresses for no mirrors at all.</summary>
    public const string None = "none";

    private static readonly char[] Separators = [',', ' ', '\t', '\r', '\n'];

    /// <summary>Addresses with commas or spaces between them; none for <c>none</c>.</summary>
    /// <exception cref="DatasetException">An entry is no address of a folder; the message names it.</exception>
    public static IReadOnlyList<Uri> Parse(string text)
    {
        var entries = text.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        if (entries.Length == 0) throw Wrong(text, "is empty");
        return entries is [None] ? [] : [.. entries.Select(ParseOne)];
    }

    /// <summary>One address, with a slash at its end.</summary>
    /// <exception cref="DatasetException">It is no address of a folder.</exception>
    public static Uri ParseOne(string entry)
    {
        if (!Uri.TryCreate(entry, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps || (url.IsFile && entry.StartsWith("file:", StringComparison.OrdinalIgnoreCase))))
            throw Wrong(entry, "is no address that starts with http://, https:// or file:///");
        if (url.UserInfo.Length > 0) throw Wrong($"{url.Scheme}://…@{url.Authority}{url.AbsolutePath}", "holds a user name or password, and mirrors are asked without");
        if (url.Query.Length > 0 || url.Fragment.Length > 0) throw Wrong(entry, "has a '?' or '#' in it; it has to be the address of a folder, to which file names are appended");
        return url.AbsolutePath.EndsWith('/') ? url : new Uri(url.AbsoluteUri + '/');
    }

    private static DatasetException Wrong(string entry, string reason) =>
        new(entry, $"The mirror '{entry}' {reason}. Name mirrors like this: https://storage.googleapis.com/cvdf-datasets/mnist/");
}
