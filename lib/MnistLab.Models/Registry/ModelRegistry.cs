using System.Text.Json;
using System.Text.RegularExpressions;
using MnistLab.Storage;

namespace MnistLab.Models.Registry;

/// <summary>
/// Represents the registry of deployable models. Each model has numbered versions, which are stored in an object store:
/// <c>root/name/version/model.json</c>, <c>…/model/</c>, and, compiled during the import, <c>…/compiled/</c>.
/// </summary>
public sealed partial class ModelRegistry
{
    // An import takes seconds. If its status has not changed for this long, its process has ended.
    private static readonly TimeSpan MaxStepTime = TimeSpan.FromMinutes(15);

    private readonly IObjectStore _store;
    private readonly ObjectUrl _root;
    private readonly TimeProvider _time;
    private readonly IModelUsers? _users;

    /// <summary>
    /// Initializes a new instance of the <see cref="ModelRegistry"/> class. The registry need not exist yet.
    /// </summary>
    /// <param name="store">The store that contains the registry, and from which models are imported.</param>
    /// <param name="root">The prefix of the registry, such as <c>s3://modelarts-example/models/</c>.</param>
    /// <param name="time">The clock; null for the system clock.</param>
    /// <param name="users">The users of models on this machine, such as services; a model in use cannot be deleted.
    /// Null if there are none.</param>
    public ModelRegistry(IObjectStore store, ObjectUrl root, TimeProvider? time = null, IModelUsers? users = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(root);
        (_store, _root, _time, _users) = (store, root.AsPrefix(), time ?? TimeProvider.System, users);
    }

    /// <summary>Gets the store that contains the models.</summary>
    public IObjectStore Store => _store;

    /// <summary>Imports a trained model as the next version of a model, with the default options.</summary>
    /// <inheritdoc cref="ImportAsync(string, ObjectUrl, ModelImportOptions, CancellationToken)"/>
    public Task<RegisteredModel> ImportAsync(string name, ObjectUrl trainUrl, CancellationToken cancellationToken = default) =>
        ImportAsync(name, trainUrl, new ModelImportOptions(), cancellationToken);

    /// <summary>
    /// Imports a trained model: validates its package, compiles its inference code, makes a trial prediction, and
    /// copies the package to the registry.
    /// </summary>
    /// <param name="name">The name of the model: 1–64 letters, digits, hyphens, and underscores.</param>
    /// <param name="trainUrl">The output location of training: the prefix that <i>contains</i> <c>model/</c>.</param>
    /// <param name="options">The options: the version, the description, and the handling of missing inference
    /// code.</param>
    /// <param name="cancellationToken">Cancels the import; the version is recorded as failed.</param>
    /// <returns>The published version.</returns>
    /// <exception cref="ModelImportException">The package cannot be used. If a <c>model/</c> folder exists, the version
    /// is recorded as failed, with the reason and without files.</exception>
    /// <exception cref="ModelRegistryException">The name or an option is invalid, or the version already
    /// exists.</exception>
    /// <exception cref="ObjectStoreException">The store failed or is full. No files of the model remain, except, if the
    /// store still accepts it, the record of the failure.</exception>
    public async Task<RegisteredModel> ImportAsync(
        string name, ObjectUrl trainUrl, ModelImportOptions options, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(trainUrl);
        ArgumentNullException.ThrowIfNull(options);
        options.Require();
        var source = trainUrl.AsPrefix();
        var keys = await _store
            .ListAsync(source, cancellationToken)
            .Select(item => source.RelativeKeyOf(item.Url))
            .ToListAsync(cancellationToken);
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

    /// <summary>Returns every version of every model, ordered by name and then by version.</summary>
    public Task<IReadOnlyList<RegisteredModel>> ListAsync(CancellationToken cancellationToken = default) =>
        ReadAllAsync(_root, cancellationToken);

    /// <summary>Returns every version of a model, newest last; empty if there is no such model.</summary>
    public Task<IReadOnlyList<RegisteredModel>> ListAsync(string name, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        return ReadAllAsync(_root / $"{name}/", cancellationToken);
    }

    /// <summary>
    /// Returns a version of a model, or its newest published version if <paramref name="version"/> is null.
    /// </summary>
    /// <returns>The version, or null if it does not exist.</returns>
    public async Task<RegisteredModel?> GetAsync(string name, ModelVersion? version = null, CancellationToken cancellationToken = default)
    {
        var versions = await ListAsync(name, cancellationToken);
        return versions.LastOrDefault(model => version is null ? model.Status == ModelStatus.Published : model.Version == version);
    }

    /// <summary>Deletes a version and its files, unless it is in use on this machine.</summary>
    /// <exception cref="ModelRegistryException">There is no such version, it is deployed, or it is being
    /// imported.</exception>
    /// <exception cref="ObjectStoreException">The store failed; the version is either no longer listed or still
    /// complete.</exception>
    public async Task DeleteAsync(string name, ModelVersion version, CancellationToken cancellationToken = default)
    {
        var model = await RequireAsync(name, version, cancellationToken);
        if (model.Status.IsUnderWay())
            throw new ModelRegistryException($"{model.Name} {version} is being imported. Delete it when the import has ended.");
        var users = _users is null ? [] : await _users.UsersOfAsync(model, cancellationToken);
        if (users.Count > 0)
            throw new ModelRegistryException(
                $"{name} {version} is deployed in {string.Join(" and ", users.Select(user => $"'{user}'"))}. Stop the service, or change it to another version, before you delete this one.");

        // The record is deleted first, so that a partly deleted version is not listed.
        await _store.DeleteAsync(model.Location / RegisteredModel.RecordName, cancellationToken);
        await _store.DeleteFolderAsync(model.Location, cancellationToken);
    }

    /// <summary>Changes the description of a version.</summary>
    /// <returns>The changed version.</returns>
    /// <exception cref="ModelRegistryException">There is no such version, it is being imported, or the description is
    /// invalid.</exception>
    public async Task<RegisteredModel> DescribeAsync(
        string name, ModelVersion version, string description, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        new ModelImportOptions { Description = description }.Require();
        var model = await RequireAsync(name, version, cancellationToken);
        if (model.Status.IsUnderWay())
            throw new ModelRegistryException($"{model.Name} {version} is being imported. Describe it when the import has ended.");
        model = model with { Description = description };
        await WriteAsync(model, cancellationToken);
        return model;
    }

    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!AllowedName().IsMatch(name))
            throw new ModelRegistryException($"'{name}' is not a valid model name: use 1–64 letters, digits, hyphens, and underscores.");
    }

    private async Task<RegisteredModel> RequireAsync(string name, ModelVersion version, CancellationToken cancellationToken) =>
        await GetAsync(name, version, cancellationToken)
            ?? throw new ModelRegistryException($"There is no model {name} {version} in {_root}.");

    /// <summary>
    /// Reserves a version by creating its record, which only one of several concurrent imports can do.
    /// </summary>
    private async Task<RegisteredModel> ReserveAsync(
        string name, ModelImportOptions options, ObjectUrl source, CancellationToken cancellationToken)
    {
        var versions = (await ListAsync(name, cancellationToken)).Select(model => model.Version).ToList();
        var version = options.Version ?? (versions.Count == 0 ? ModelVersion.First : versions[^1].Next());
        while (true)
        {
            var model =
                new RegisteredModel(name, version, ModelStatus.Publishing, null, source.ToString(), _time.GetUtcNow(), null, options.Description)
                {
                    Location = _root / $"{name}/{version}/"
                };
            if (!versions.Contains(version) && await TryWriteFirstAsync(model, cancellationToken)) return model;
            if (options.Version is not null)
                throw new ModelRegistryException(
                    $"The model {name} {version} already exists. Choose another version, or omit it to use the next one.");
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
            // The store does not support conditional writes, so two concurrent imports of the same name may choose the
            // same version.
            await WriteAsync(model, cancellationToken);
            return true;
        }
    }

    /// <summary>
    /// Records the failure and deletes the copied files. Errors of the store are ignored, so that the caller reports
    /// the original failure.
    /// </summary>
    private async Task FailAsync(RegisteredModel model, Exception failure)
    {
        var reason = failure is OperationCanceledException ? "The import was canceled." : failure.Message;
        try
        {
            // The files are deleted first: if the disk is full, the record of the failure needs their space.
            foreach (var prefix in new[] { PackageFiles.Folder, InferenceCode.CompiledFolder + "/" })
                await _store.DeleteFolderAsync(model.Location / prefix, CancellationToken.None);
            await WriteAsync(model with { Status = ModelImport.StatusAfter(failure), Reason = reason }, CancellationToken.None);
        }
        catch (ObjectStoreException)
        {
            try
            {
                // If the failure cannot be recorded, the version is removed.
                await _store.DeleteAsync(model.Location / RegisteredModel.RecordName, CancellationToken.None);
            }
            catch (ObjectStoreException)
            {
                // The store is unavailable. If the record still exists, it is treated as an interrupted import after a
                // while.
            }
        }
    }

    private async Task<IReadOnlyList<RegisteredModel>> ReadAllAsync(ObjectUrl prefix, CancellationToken cancellationToken)
    {
        var models = new List<RegisteredModel>();
        await foreach (var item in _store.ListAsync(prefix, cancellationToken))
        {
            // Only root/name/version/model.json, not deeper keys.
            if (_root.RelativeKeyOf(item.Url).Split('/') is not [_, var version, RegisteredModel.RecordName]
                || !ModelVersion.TryParse(version, out _))
                continue;
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
            // The record was deleted after it was listed.
            return null;
        }

        try
        {
            var model = JsonSerializer.Deserialize(text, RegistryJson.Instance.RegisteredModel) ?? throw new JsonException("It is null.");
            return model.Status.IsUnderWay() && _time.GetUtcNow() - model.Updated > MaxStepTime
                ? model with { Status = ModelStatus.Failed, Reason = "The import was interrupted. Import the model again." }
                : model;
        }
        catch (JsonException exception)
        {
            throw new ModelRegistryException(
                $"{url} is not a valid model record: {exception.Message} Delete {url.Parent} and import the model again.", exception);
        }
    }

    private async Task WriteAsync(RegisteredModel model, CancellationToken cancellationToken, bool onlyIfAbsent = false)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(model with { Updated = _time.GetUtcNow() }, RegistryJson.Instance.RegisteredModel);
        using var content = new MemoryStream(json);
        await _store.PutAsync(
            model.Location / RegisteredModel.RecordName,
            content,
            new PutOptions { OnlyIfAbsent = onlyIfAbsent },
            cancellationToken: cancellationToken);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex AllowedName();
}
