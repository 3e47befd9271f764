using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>Finds the model that a URL names by <c>{model}</c> and optionally <c>{version}</c>.</summary>
internal static class NamedModel
{
    /// <summary>Acquires the named version, or a version chosen by weight if the URL names none.</summary>
    /// <exception cref="RequestRejectedException">404: the model or version is not served here. 503: no model is loaded
    /// yet.</exception>
    public static ModelLease Acquire(ServedModels models, HttpContext context) =>
        Acquire(models, (string)context.GetRouteValue("model")!, context.GetRouteValue("version") as string);

    /// <summary>Acquires a version, or one chosen by weight if <paramref name="version"/> is null.</summary>
    /// <inheritdoc cref="Acquire(ServedModels, HttpContext)"/>
    public static ModelLease Acquire(ServedModels models, string name, string? version)
    {
        if (version is not null)
        {
            if (!models.IsReady) throw NotReady();
            return ModelVersion.TryParse(version, out var parsed) && models.Acquire(parsed) is { } exact
                ? Checked(exact)
                : throw NotFound(models, $"version '{version}' of '{name}'");
        }

        return Checked(models.Acquire());

        ModelLease Checked(ModelLease lease)
        {
            if (lease.Model.Version.Model == name) return lease;
            lease.Dispose();
            throw NotFound(models, $"model '{name}'");
        }
    }

    /// <summary>
    /// Returns the served versions of the model, or only the one that the URL names; empty while no model is loaded.
    /// </summary>
    /// <exception cref="RequestRejectedException">404: the model or version is not served here.</exception>
    public static IReadOnlyList<ServedVersion> Versions(ServedModels models, RunSettings settings, HttpContext context) =>
        Versions(models, settings, (string)context.GetRouteValue("model")!, context.GetRouteValue("version") as string);

    /// <summary>
    /// Returns the served versions of a model, or only the given one; empty while no model is loaded.
    /// </summary>
    /// <inheritdoc cref="Versions(ServedModels, RunSettings, HttpContext)"/>
    public static IReadOnlyList<ServedVersion> Versions(ServedModels models, RunSettings settings, string name, string? version)
    {
        var current = models.Current;
        var known = current.Count > 0 ? current : settings.Models;
        var found = known.Where(served => served.Model == name && (version is null || served.Version.ToString() == version)).ToList();
        if (found.Count == 0) throw NotFound(models, version is null ? $"model '{name}'" : $"version '{version}' of '{name}'");
        return current.Count > 0 ? found : [];
    }

    /// <summary>Returns the labels of a served version.</summary>
    /// <exception cref="RequestRejectedException">503: the version is no longer loaded.</exception>
    public static IReadOnlyList<string> Labels(ServedModels models, ServedVersion version) =>
        models.Loaded.FirstOrDefault(loaded => loaded.Version.Version == version.Version)?.Config.LabelNames
        ?? throw NotReady();

    public static RequestRejectedException NotReady() => new(
        StatusCodes.Status503ServiceUnavailable,
        PredictionErrorCode.NotReady,
        "The model is still loading; retry in a second.");

    private static RequestRejectedException NotFound(ServedModels models, string what) =>
        TensorErrors.ModelNotFound(
            $"There is no {what} here. Served: {string.Join(", ", models.Current.Select(served => $"{served.Model} {served.Version}"))}.");
}
