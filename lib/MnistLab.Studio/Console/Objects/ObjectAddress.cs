using MnistLab.Storage;

namespace MnistLab.Studio.Console.Objects;

/// <summary>The addresses of buckets, folders, and objects in the console.</summary>
internal static class ObjectAddress
{
    /// <summary>The start of the addresses of pages.</summary>
    public const string Pages = "/console/objects/";

    /// <summary>The start of the addresses of contents.</summary>
    public const string Downloads = "/console/download/";

    /// <summary>The start of the addresses that contents are sent to.</summary>
    public const string Uploads = "/console/upload/";

    /// <summary>Returns what a path such as <c>bucket/folder/name</c> stands for.</summary>
    /// <exception cref="FormatException">It is not a valid address; the message says why.</exception>
    public static ObjectUrl Parse(string path) => ObjectUrl.Parse($"s3://{path}");

    /// <summary>Returns the address of a page.</summary>
    public static string PageOf(ObjectUrl url) => Pages + PathOf(url);

    /// <summary>Returns the address of an object's content.</summary>
    public static string DownloadOf(ObjectUrl url) => Downloads + PathOf(url);

    /// <summary>Returns the address that the files of a folder are sent to, each with its escaped name at the end.</summary>
    public static string UploadOf(ObjectUrl folder) => Uploads + PathOf(folder.AsPrefix());

    private static string PathOf(ObjectUrl url) =>
        string.Join('/', $"{url.Bucket}/{url.Key}".Split('/').Select(Uri.EscapeDataString));
}
