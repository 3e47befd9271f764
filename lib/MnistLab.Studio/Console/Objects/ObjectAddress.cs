using MnistLab.Storage;

namespace MnistLab.Studio.Console.Objects;

/// <summary>Defines the addresses of buckets, folders, and objects in the console.</summary>
internal static class ObjectAddress
{
    /// <summary>The prefix of the addresses of pages.</summary>
    public const string Pages = "/console/objects/";

    /// <summary>The prefix of the addresses of downloads.</summary>
    public const string Downloads = "/console/download/";

    /// <summary>The prefix of the addresses of uploads.</summary>
    public const string Uploads = "/console/upload/";

    /// <summary>Returns the address in the store of a path such as <c>bucket/folder/name</c>.</summary>
    /// <exception cref="FormatException">The path is not a valid address; the message says why.</exception>
    public static ObjectUrl Parse(string path) => ObjectUrl.Parse($"s3://{path}");

    /// <summary>Returns the address of a page.</summary>
    public static string PageOf(ObjectUrl url) => Pages + PathOf(url);

    /// <summary>Returns the download address of an object.</summary>
    public static string DownloadOf(ObjectUrl url) => Downloads + PathOf(url);

    /// <summary>
    /// Returns the upload address of a folder; the client appends the escaped name of each file.
    /// </summary>
    public static string UploadOf(ObjectUrl folder) => Uploads + PathOf(folder.AsPrefix());

    private static string PathOf(ObjectUrl url) =>
        string.Join('/', $"{url.Bucket}/{url.Key}".Split('/').Select(Uri.EscapeDataString));
}
