using MnistLab.Storage;

namespace MnistLab.Models.Registry;

/// <summary>Validates the location of an import, and explains common mistakes.</summary>
internal static class TrainingOutput
{
    /// <summary>Validates that the location contains <c>model/</c>.</summary>
    /// <param name="url">The location to import from.</param>
    /// <param name="keys">The keys below the location, relative to it.</param>
    /// <exception cref="ModelImportException">There is nothing to import; the message suggests where to look
    /// instead.</exception>
    public static void RequirePackage(ObjectUrl url, IReadOnlyList<string> keys)
    {
        if (keys.Any(key => key.StartsWith(PackageFiles.Folder, StringComparison.Ordinal))) return;
        if (keys.Count == 0)
            throw new ModelImportException(
                ModelImportError.NotFound,
                $"There is nothing at {url}. Give the output location of a training job that has completed.");
        if (url.Name == PackageFiles.Folder.TrimEnd('/'))
            throw new ModelImportException(
                ModelImportError.ModelFolderItself,
                $"{url} is the model/ folder itself. Give the location that holds it: {url.Parent}");
        if (keys.Contains(PackageFiles.Config))
            throw new ModelImportException(
                ModelImportError.ConfigMisplaced,
                $"{PackageFiles.Config} is directly in {url}, but belongs in {url.AsPrefix() / PackageFiles.Folder}, with the model and its inference code.");

        var versions = keys
            .Select(key => key.Split('/'))
            .Where(parts => parts.Length > 2 && parts[1] + "/" == PackageFiles.Folder)
            .Select(parts => parts[0])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToArray();
        throw new ModelImportException(ModelImportError.NotFound, versions.Length > 0
            ? $"There is no model/ in {url}, but there is one in {string.Join(", ", versions)}. Give the location of one version: {url.AsPrefix() / (versions[^1] + "/")}"
            : $"There is no model/ in {url}. Give the output location of a training job that has completed.");
    }

    /// <summary>Validates that there is exactly one <c>config.json</c>, in <c>model/</c>.</summary>
    /// <exception cref="ModelImportException">The file is missing, in the wrong place, or there is more than
    /// one.</exception>
    public static void RequireOneConfig(ObjectUrl url, IReadOnlyList<string> keys)
    {
        const string Expected = PackageFiles.Folder + PackageFiles.Config;
        var found = keys.Where(key => key == PackageFiles.Config || key.EndsWith("/" + PackageFiles.Config, StringComparison.Ordinal))
            .Where(key => key == PackageFiles.Config || key.StartsWith(PackageFiles.Folder, StringComparison.Ordinal)).ToArray();
        if (found is [Expected]) return;
        if (found.Length == 0)
            throw new ModelImportException(
                ModelImportError.ConfigMissing,
                $"There is no {PackageFiles.Config} in {url.AsPrefix() / PackageFiles.Folder}. Training writes this file, which describes the model.");
        throw new ModelImportException(
            ModelImportError.ConfigMisplaced,
            $"There must be one {PackageFiles.Config}, at {url.AsPrefix() / Expected}, but there is {string.Join(" and ", found.Select(key => url.AsPrefix() / key))}.");
    }
}
