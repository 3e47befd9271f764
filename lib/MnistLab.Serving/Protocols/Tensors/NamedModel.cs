using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>The model that an address names, by <c>{model}</c> and perhaps <c>{version}</c>.</summary>
internal static class NamedModel
{
    /// <summary>Acquires the named version, or, where the address names none, a version chosen by weight.</summary>
    /// <exception cref="RequestRejectedException">404: it is not served here. 503: it is not loaded yet.</exception>
    public static ModelLease Acquire(ServedModels models, HttpContext context) =>
        Acquire(models, (string)context.GetRouteValue("model")!, context.GetRouteValue("version") as string);

    /// <summary>Acquires a version, or, if it is null, one chosen by weight.</summary>
    /// <inheritdoc cref="Acquire(ServedModels, HttpContext)"/>
    public static ModelLease Acquire(ServedModels models, string name, string? version)
    {
        if (version is not null)
        {
            if (!models.IsReady) throw NotReady();
            return ModelVersion.TryParse(version, out var parsed) && models.Acquire(parsed) is { } exact ? Checked(exact) : throw NotFound(models, $"version '{version}' of '{name}'");
        }

        return Checked(models.Acquire());

        ModelLease Checked(ModelLease lease)
        {
            if (lease.Model.Version.Model == name) return lease;
            lease.Dispose();
            throw NotFound(models, $"model '{name}'");
        }
    }

    /// <summary>Its versions that are served, or the one that the address names; empty while none is loaded.</summary>
    /// <exception cref="RequestRejectedException">404: it is not served here.</exception>
    public static IReadOnlyList<ServedVersion> Versions(ServedModels models, RunSettings settings, HttpContext context) =>
        Versions(models, settings, (string)context.GetRouteValue("model")!, context.GetRouteValue("version") as string);

    /// <summary>The versions of a model that are served, or the given one; empty while none is loaded.</summary>
    /// <inheritdoc cref="Versions(ServedModels, RunSettings, HttpContext)"/>
    public static IReadOnlyList<ServedVersion> Versions(ServedModels models, RunSettings settings, string name, string? version)
    {
        var current = models.Current;
        var known = current.Count > 0 ? current : settings.Models;
        var found = known.Where(served => served.Model == name && (version is null || served.Version.ToString() == version)).ToList();
        if (found.Count == 0) throw NotFound(models, version is null ? $"model '{name}'" : $"version '{version}' of '{name}'");
        return current.Count > 0 ? found : [];
    }

    public static RequestRejectedException NotReady() => new(StatusCodes.Status503ServiceUnavailable, PredictionErrorCode.NotReady, "The model is being loaded; ask again in a second.");

    private static RequestRejectedException NotFound(ServedModels models, string what) =>
        TensorErrors.ModelNotFound($"There is no {what} here. Served: {string.Join(", ", models.Current.Select(served => $"{served.Model} {served.Version}"))}.");
}
