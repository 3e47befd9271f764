using System.Globalization;
using System.Text.RegularExpressions;
using MnistLab.Models;
using MnistLab.Storage;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Finds the versions below a training output location: <c>V0001/</c>, <c>V0002/</c>, and so on. Lists only their
/// names, not the objects in them.
/// </summary>
internal static partial class JobVersions
{
    /// <summary>Formats the name of a version, such as <c>V0001</c>.</summary>
    public static string Format(int number) => string.Create(CultureInfo.InvariantCulture, $"V{number:D4}");

    /// <summary>Returns the number of a version; null if the text is not the name of a version.</summary>
    public static int? Parse(string name) => Version().Match(name) is { Success: true } match
        ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
        : null;

    /// <summary>Returns the number of the newest version; 0 if there is none.</summary>
    public static async Task<int> FindLastAsync(
        IObjectStore store, ObjectUrl trainUrl, CancellationToken cancellationToken) =>
        (await ListAsync(store, trainUrl, cancellationToken)).Select(version => version.Number).DefaultIfEmpty().Max();

    /// <summary>
    /// Returns the output location of the newest version that contains a complete model package; null if there is none.
    /// </summary>
    public static async Task<ObjectUrl?> FindLastPackageAsync(
        IObjectStore store, ObjectUrl trainUrl, CancellationToken cancellationToken)
    {
        var versions = await ListAsync(store, trainUrl, cancellationToken);
        foreach (var (_, output) in versions.OrderByDescending(version => version.Number))
        {
            var configuration = output / PackageFiles.Folder / PackageFiles.Config;
            if (await store.HeadAsync(configuration, cancellationToken) is not null) return output;
        }

        return null;
    }

    private static async Task<List<(int Number, ObjectUrl Output)>> ListAsync(
        IObjectStore store, ObjectUrl trainUrl, CancellationToken cancellationToken)
    {
        var versions = new List<(int, ObjectUrl)>();
        await foreach (var item in store.ListFolderAsync(trainUrl.AsPrefix(), cancellationToken))
        {
            if (item.Url.IsPrefix && Parse(item.Url.Name) is { } number) versions.Add((number, item.Url));
        }

        return versions;
    }

    [GeneratedRegex(@"\AV(\d{4,9})\z")]
    private static partial Regex Version();
}
