using System.Text.Json;
using System.Text.RegularExpressions;
using MnistLab.Storage;

namespace MnistLab.Models.Registry;

/// <summary>
/// The models that can be deployed, each in numbered versions, kept in an object store: <c>root/name/version/model.json</c>, <c>…/model/</c> and,
/// as compiled at import, <c>…/compiled/</c>.
/// </summary>
public sealed partial class ModelRegistry
{
    // An import takes seconds. One that has not moved for so long has died with its process.
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(15);

    private readonly IObjectStore _store;
    private readonly ObjectUrl _root;
    private readonly TimeProvider _time;
    private readonly IModelUsers? _users;

    /// <summary>Opens a registry; it needs not exist yet.</summary>
    /// <param name="store">Where the models are kept, and where they are imported from.</param>
    /// <param name="root">The prefix that holds them, such as <c>s3://modelarts-example/models/</c>.</param>
    /// <param name="time">The clock; the system's if null.</param>
    /// <param name="users">What uses models on this machine, such as services; a model in use cannot be deleted. Null if nothing
    /// does.</param>
    public ModelRegistry(IObjectStore store, ObjectUrl root, TimeProvider? time = null, IModelUsers? users = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(root);
        (_store, _root, _time, _users) = (store, root.AsPrefix(), time ?? TimeProvider.System, users);
    }

    /// <summary>Gets the store that keeps the models.</summary>
    public IObjectStore Store => _store;

    /// <summary>Imports a trained model as the next version of a name.</summary>
    /// <inheritdoc cref="ImportAsync(string, ObjectUrl, ModelImportOptions, CancellationToken)"/>
    public Task<RegisteredModel> ImportAsync(string name, ObjectUrl trainUrl, CancellationToken cancellationToken = default) =>
        ImportAsync(name, trainUrl, new ModelImportOptions(), cancellationToken);

    /// <summary>
    /// Imports a trained model: checks its package, compiles its inference code, tries one prediction, and copies all of it into the registry.
    /// </summary>
    /// <param name="name">The model's name: 1–64 letters, digits, hyphens and underscores.</param>
    /// <param name="trainUrl">The output location of training: the prefix that <i>holds</i> <c>model/</c>.</param>
    /// <param name="options">Its version, its description, and what to do without inference code.</param>
    /// <param name="cancellationToken">Ends the import; the version is recorded as failed.</param>
    /// <returns>The published version.</returns>
    /// <exception cref="ModelImportException">The package cannot be used. Where there was one, the version is recorded as failed, with the reason and without files.</exception>
    /// <exception cref="ModelRegistryException">The name or an option is not allowed, or the version is taken.</exception>
    /// <exception cref="ObjectStoreException">The store failed, or is full; nothing of the model stays but, where the store still takes it, the record of the failure.</exception>
    public async Task<RegisteredModel> ImportAsync(string name, ObjectUrl trainUrl, ModelImportOptions options, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(trainUrl);
        ArgumentNullException.ThrowIfNull(options);
        options.Require();
        var source = trainUrl.AsPrefix();
        var keys = await _store.ListAsync(source, cancellationToken).Select(item => source.RelativeKeyOf(item.Url)).ToListAsync(cancellationToken);
        TrainingOutput.RequirePackage(trainUrl, keys);

        var model = await ReserveAsync(name, options, source, cancellationToken);
        try
        {
            TrainingOutput.RequireOneConfig(trainUrl, keys);
            var import = new ModelImport(_store, options, step => WriteAsync(step, cancellationToken));
            model = await import.RunAsync(model, source / PackageFiles.Folder, cancellationToken);
            model = model with { Status = ModelStatus.Published };
            await WriteAsync(model, cancellationToken);
            return model with { Updated = _time.GetUtcNow() };
        }
        catch (Exception exception)
        {
            await FailAsync(model, exception);
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

    /// <summary>Removes a version with its files. One that a service of this machine answers with is kept.</summary>
    /// <exception cref="ModelRegistryException">There is no such version, it is deployed, or it is just being imported.</exception>
    /// <exception cref="ObjectStoreException">The store failed; the version is not listed any more, or wholly there.</exception>
    public async Task DeleteAsync(string name, ModelVersion version, CancellationToken cancellationToken = default)
    {
        var model = await RequireAsync(name, version, cancellationToken);
        if (model.Status.IsUnderWay()) throw new ModelRegistryException($"{model.Name} {version} is just being imported. Delete it when that has ended.");
        var users = _users is null ? [] : await _users.UsersOfAsync(model, cancellationToken);
        if (users.Count > 0)
            throw new ModelRegistryException($"{name} {version} is deployed in {string.Join(" and ", users.Select(user => $"'{user}'"))}. Stop the service, or let it answer with another version, before you delete this one.");

        // The record first: what is half deleted is not listed.
        await _store.DeleteAsync(model.Location / RegisteredModel.RecordName, cancellationToken);
        await _store.DeleteFolderAsync(model.Location, cancellationToken);
    }

    /// <summary>Gives a version another description.</summary>
    /// <returns>The version as it is then.</returns>
    /// <exception cref="ModelRegistryException">There is no such version, it is just being imported, or the description is not allowed.</exception>
    public async Task<RegisteredModel> DescribeAsync(string name, ModelVersion version, string description, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        new ModelImportOptions { Description = description }.Require();
        var model = await RequireAsync(name, version, cancellationToken);
        if (model.Status.IsUnderWay()) throw new ModelRegistryException($"{model.Name} {version} is just being imported. Describe it when that has ended.");
        model = model with { Description = description };
        await WriteAsync(model, cancellationToken);
        return model;
    }

    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!AllowedName().IsMatch(name)) throw new ModelRegistryException($"'{name}' is not a model's name: use 1–64 letters, digits, hyphens and underscores.");
    }

    private async Task<RegisteredModel> RequireAsync(string name, ModelVersion version, CancellationToken cancellationToken) =>
        await GetAsync(name, version, cancellationToken) ?? throw new ModelRegistryException($"There is no model {name} {version} in {_root}.");

    /// <summary>Takes a version by writing its record, which only one of several importers can do.</summary>
    private async Task<RegisteredModel> ReserveAsync(string name, ModelImportOptions options, ObjectUrl source, CancellationToken cancellationToken)
    {
        var versions = (await ListAsync(name, cancellationToken)).Select(model => model.Version).ToList();
        var version = options.Version ?? (versions.Count == 0 ? ModelVersion.First : versions[^1].Next());
        while (true)
        {
            var model = new RegisteredModel(name, version, ModelStatus.Publishing, null, source.ToString(), _time.GetUtcNow(), null, options.Description) { Location = _root / $"{name}/{version}/" };
            if (!versions.Contains(version) && await TryWriteFirstAsync(model, cancellationToken)) return model;
            if (options.Version is not null) throw new ModelRegistryException($"There is a model {name} {version} already. Choose another version, or none: the next one is found by itself.");
            version = version.Next();
        }
    }

    private async Task<bool> TryWriteFirstAsync(RegisteredModel model, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(model, cancellationToken, onlyIfAbsent: true);
            return true;
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.AlreadyExists)
        {
            return false;
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.NotSupported)
        {
            // A store that cannot promise it: then two who import the same name in the same moment are not kept apart.
            await WriteAsync(model, cancellationToken);
            return true;
        }
    }

    /// <summary>Records the failure and removes what was copied. Never fails itself: the failure that led here is the one to tell.</summary>
    private async Task FailAsync(RegisteredModel model, Exception failure)
    {
        var reason = failure is OperationCanceledException ? "The import was cancelled." : failure.Message;
        try
        {
            // Files first: where the disk is full, the record of the failure needs their room.
            foreach (var prefix in new[] { PackageFiles.Folder, InferenceCode.CompiledFolder + "/" }) await _store.DeleteFolderAsync(model.Location / prefix, CancellationToken.None);
            await WriteAsync(model with { Status = ModelImport.StatusAfter(failure), Reason = reason }, CancellationToken.None);
        }
        catch (ObjectStoreException)
        {
            try
            {
                // What can be neither published nor called failed is not there.
                await _store.DeleteAsync(model.Location / RegisteredModel.RecordName, CancellationToken.None);
            }
            catch (ObjectStoreException)
            {
                // The store is gone altogether. The record, should it be there, stands for an interrupted import after a while.
            }
        }
    }

    private async Task<IReadOnlyList<RegisteredModel>> ReadAllAsync(ObjectUrl prefix, CancellationToken cancellationToken)
    {
        var models = new List<RegisteredModel>();
        await foreach (var item in _store.ListAsync(prefix, cancellationToken))
        {
            // root/name/version/model.json, and nothing deeper.
            if (_root.RelativeKeyOf(item.Url).Split('/') is not [_, var version, RegisteredModel.RecordName] || !ModelVersion.TryParse(version, out _)) continue;
            if (await ReadAsync(item.Url, cancellationToken) is { } model) models.Add(model with { Location = item.Url.Parent });
        }

        return [.. models.OrderBy(model => model.Name, StringComparer.Ordinal).ThenBy(model => model.Version)];
    }

    private async Task<RegisteredModel?> ReadAsync(ObjectUrl url, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = await _store.GetTextAsync(url, cancellationToken);
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.NoSuchKey)
        {
            // Deleted since it was listed.
            return null;
        }

        try
        {
            var model = JsonSerializer.Deserialize(text, RegistryJson.Instance.RegisteredModel) ?? throw new JsonException("It says null.");
            return model.Status.IsUnderWay() && _time.GetUtcNow() - model.Updated > LongestStep
                ? model with { Status = ModelStatus.Failed, Reason = "The import was interrupted. Import the model again." }
                : model;
        }
        catch (JsonException exception)
        {
            throw new ModelRegistryException($"{url} is not the record of a model: {exception.Message} Delete {url.Parent} and import the model again.", exception);
        }
    }

    private async Task WriteAsync(RegisteredModel model, CancellationToken cancellationToken, bool onlyIfAbsent = false)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(model with { Updated = _time.GetUtcNow() }, RegistryJson.Instance.RegisteredModel);
        using var content = new MemoryStream(json);
        await _store.PutAsync(model.Location / RegisteredModel.RecordName, content, new PutOptions { OnlyIfAbsent = onlyIfAbsent }, cancellationToken: cancellationToken);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex AllowedName();
}
