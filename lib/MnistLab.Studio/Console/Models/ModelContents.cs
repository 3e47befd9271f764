using MnistLab.Hosting;
using MnistLab.Models;
using MnistLab.Storage;
using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console.Models;

/// <summary>What a page shows of a model package.</summary>
/// <param name="Config">What its <c>config.json</c> says.</param>
/// <param name="Files">Its files that people can read: what each is, its name, and its text.</param>
internal sealed record ModelContents(ModelConfig Config, IReadOnlyList<(Text Title, string File, string Text)> Files)
{
    // Longer ones, such as a list of all packages, can be opened in the object browser.
    private const int MaxLength = 1 << 18;

    /// <summary>Reads the package.</summary>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
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
