using System.Text.Json;
using System.Text.RegularExpressions;
using MnistLab.Data;

namespace MnistLab.Serving;

/// <summary>The models that can be deployed, each in numbered versions, kept in an object store: <c>root/name/version/model.json</c> and <c>…/model/</c>.</summary>
public sealed partial class ModelRegistry
{
    private readonly IObjectStore _store;
    private readonly ObjectUrl _root;
    private readonly TimeProvider _time;

    /// <summary>Opens a registry; it needs not exist yet.</summary>
    /// <param name="store">Where the models are kept, and where they are imported from.</param>
    /// <param name="root">The prefix that holds them, such as <c>s3://modelarts-example/models/</c>.</param>
    /// <param name="time">The clock; the system's if null.</param>
    public ModelRegistry(IObjectStore store, ObjectUrl root, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(root);
        (_store, _root, _time) = (store, root.AsPrefix(), time ?? TimeProvider.System);
    }

    /// <summary>
    /// Imports a trained model as the next version of a name: checks its package, compiles its inference code, tries one prediction, and copies it into the registry.
    /// </summary>
    /// <param name="name">The model's name: 1–64 letters, digits, hyphens and underscores.</param>
    /// <param name="trainUrl">The output location of training: the prefix that <i>holds</i> <c>model/</c>.</param>
    /// <param name="cancellationToken">Ends the import; the version is recorded as failed.</param>
    /// <returns>The published version.</returns>
    /// <exception cref="ModelImportException">The package cannot be used. Where there was one, the version is recorded as failed, with the reason.</exception>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    /// <exception cref="ObjectStoreException">The store failed.</exception>
    public async Task<RegisteredModel> ImportAsync(string name, ObjectUrl trainUrl, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(trainUrl);
        var source = trainUrl.AsPrefix();
        var keys = await _store.ListAsync(source, cancellationToken).Select(item => source.RelativeKeyOf(item.Url)).ToListAsync(cancellationToken);
        TrainingOutput.RequirePackage(trainUrl, keys);

        var versions = await ListAsync(name, cancellationToken);
        var version = versions.Count == 0 ? ModelVersion.First : versions[^1].Version.Next();
        var model = new RegisteredModel(name, version, ModelStatus.Publishing, null, source.ToString(), _time.GetUtcNow(), null) { Location = LocationOf(name, version) };
        await WriteAsync(model, cancellationToken);
        try
        {
            TrainingOutput.RequireOneConfig(trainUrl, keys);
            model = model with { Metrics = await CopyCheckedAsync(source / RegisteredModel.PackagePrefix, model.Package, cancellationToken) };
            model = model with { Status = ModelStatus.Published };
            await WriteAsync(model, cancellationToken);
            return model;
        }
        catch (Exception exception)
        {
            // Recorded even when the import was cancelled: a version that stays "publishing" for ever would be a lie.
            await WriteAsync(model with { Status = ModelStatus.Failed, Reason = exception is OperationCanceledException ? "The import was cancelled." : exception.Message }, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Every version of every model, by name and then by version.</summary>
    public Task<IReadOnlyList<RegisteredModel>> ListAsync(CancellationToken cancellationToken = default) => ReadAllAsync(_root, cancellationToken);

    /// <summary>Every version of one model, the newest last; none if there is no such model.</summary>
    public Task<IReadOnlyList<RegisteredModel>> ListAsync(string name, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        return ReadAllAsync(_root / $"{name}/", cancellationToken);
    }

    /// <summary>One version of a model, or, where none is asked for, the newest that is published.</summary>
    /// <returns>Null if there is none.</returns>
    public async Task<RegisteredModel?> GetAsync(string name, ModelVersion? version = null, CancellationToken cancellationToken = default)
    {
        var versions = await ListAsync(name, cancellationToken);
        return versions.LastOrDefault(model => version is null ? model.Status == ModelStatus.Published : model.Version == version);
    }

    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!AllowedName().IsMatch(name)) throw new ArgumentException($"'{name}' is not a model's name: use 1–64 letters, digits, hyphens and underscores.", nameof(name));
    }

    private ObjectUrl LocationOf(string name, ModelVersion version) => _root / $"{name}/{version}/";

    private async Task<ModelMetrics?> CopyCheckedAsync(ObjectUrl source, ObjectUrl destination, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("mnistlab-import-").FullName;
        try
        {
            await _store.DownloadFolderAsync(source, folder, cancellationToken: cancellationToken);
            // Compiling and trying takes a second of computing: not on the caller's thread.
            var metrics = await Task.Run(
                () =>
                {
                    using var package = ModelPackage.Open(folder, cancellationToken);
                    return package.Config.Metrics;
                },
                cancellationToken);
            await _store.UploadFolderAsync(folder, destination, cancellationToken: cancellationToken);
            return metrics;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<IReadOnlyList<RegisteredModel>> ReadAllAsync(ObjectUrl prefix, CancellationToken cancellationToken)
    {
        var models = new List<RegisteredModel>();
        await foreach (var item in _store.ListAsync(prefix, cancellationToken))
        {
            // root/name/version/model.json, and nothing deeper.
            if (_root.RelativeKeyOf(item.Url).Split('/') is not [_, var version, RegisteredModel.RecordName] || !ModelVersion.TryParse(version, out _)) continue;
            var text = await _store.GetTextAsync(item.Url, cancellationToken);
            var model = JsonSerializer.Deserialize(text, FileJson.Instance.RegisteredModel) ?? throw new InvalidDataException($"{item.Url} is not the record of a model.");
            models.Add(model with { Location = item.Url.Parent });
        }

        return [.. models.OrderBy(model => model.Name, StringComparer.Ordinal).ThenBy(model => model.Version)];
    }

    private Task WriteAsync(RegisteredModel model, CancellationToken cancellationToken) =>
        _store.PutTextAsync(model.Location / RegisteredModel.RecordName, JsonSerializer.Serialize(model, FileJson.Instance.RegisteredModel), cancellationToken);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex AllowedName();
}
