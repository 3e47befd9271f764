namespace MnistLab.Data.Datasets;

/// <summary>Parses the addresses of mirrors.</summary>
public static class MirrorList
{
    /// <summary>The text that stands for an empty list of mirrors.</summary>
    public const string None = "none";

    private static readonly char[] Separators = [',', ' ', '\t', '\r', '\n'];

    /// <summary>Parses addresses that are separated by commas or spaces; empty for <c>none</c>.</summary>
    /// <exception cref="DatasetException">
    /// An entry is not the address of a folder, or there are no entries; the message says which.
    /// </exception>
    public static IReadOnlyList<Uri> Parse(string text)
    {
        var entries = text.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        if (entries.Length == 0) throw Wrong(text, "is empty");
        return entries is [None] ? [] : [.. entries.Select(ParseOne)];
    }

    /// <summary>Parses one address, and appends a slash if it has none.</summary>
    /// <exception cref="DatasetException">The text is not the address of a folder.</exception>
    public static Uri ParseOne(string entry)
    {
        if (!Uri.TryCreate(entry, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttp
            || url.Scheme == Uri.UriSchemeHttps
            || (url.IsFile && entry.StartsWith("file:", StringComparison.OrdinalIgnoreCase))))
            throw Wrong(entry, "is not an address that starts with http://, https://, or file:///");
        if (url.UserInfo.Length > 0)
            throw Wrong($"{url.Scheme}://…@{url.Authority}{url.AbsolutePath}", "contains a user name or password, which is not supported");
        if (url.Query.Length > 0 || url.Fragment.Length > 0)
            throw Wrong(entry, "contains '?' or '#'; it must be the address of a folder, to which file names are appended");
        return url.AbsolutePath.EndsWith('/') ? url : new Uri(url.AbsoluteUri + '/');
    }

    private static DatasetException Wrong(string entry, string reason) =>
        new(entry, $"The mirror '{entry}' {reason}. Example: https://storage.googleapis.com/cvdf-datasets/mnist/");
}
