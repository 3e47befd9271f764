using MnistLab.Hosting;
using MnistLab.Models;
using MnistLab.Storage;
using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console.Models;

/// <summary>Represents the content of a model package, as a page shows it.</summary>
/// <param name="Config">The content of <c>config.json</c>.</param>
/// <param name="Files">The text files of the package: the title, name, and content of each.</param>
internal sealed record ModelContents(ModelConfig Config, IReadOnlyList<(Text Title, string File, string Text)> Files)
{
    // Longer files, such as a list of all packages, can be opened in the object browser.
    private const int MaxLength = 1 << 18;

    /// <summary>Reads the package.</summary>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    public static async Task<ModelContents> ReadAsync(IObjectStore store, ObjectUrl package, CancellationToken cancellationToken)
    {
        var files = new List<(Text Title, string File, string Text)>();
        await foreach (var item in store.ListAsync(package, cancellationToken))
        {
            if (TitleOf(item.Url.Name) is { } title && item.Length <= MaxLength)
                files.Add((title, item.Url.Name, await store.GetTextAsync(item.Url, cancellationToken)));
        }

        using var scratch = ScratchFolder.Create("mnistlab-config-");
        var config = Path.Combine(scratch.Path, PackageFiles.Config);
        await store.DownloadFileAsync(package / PackageFiles.Config, config, null, cancellationToken);
        Text[] order = [ModelTexts.InferenceCode, ModelTexts.Configuration, ModelTexts.Manifest];
        return new(ModelConfig.Read(config), [.. files.OrderBy(file => Array.IndexOf(order, file.Title))]);
    }

    private static Text? TitleOf(string file) => file switch
    {
        PackageFiles.Config => ModelTexts.Configuration,
        PackageFiles.Manifest => ModelTexts.Manifest,
        _ => Path.GetExtension(file) == ".cs" ? ModelTexts.InferenceCode : null,
    };
}
