using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Represents the model versions that the service currently serves, and distributes requests among them by weight.
/// Endpoints acquire a model for each request:
/// <code>using var lease = models.Acquire(); var result = await pipeline.RunAsync(call, lease.Model, …);</code>
/// </summary>
internal sealed class ServedModels : IDisposable
{
    // Coprime to 100, so that 100 consecutive requests take each value from 0 to 99 once, evenly spread.
    private const uint Stride = 37;

    private volatile Share[] _shares = [];
    private volatile bool _isDraining;
    private int _requests;

    /// <summary>Gets whether a model is loaded and warmed up.</summary>
    public bool IsReady => _shares.Length > 0;

    /// <summary>
    /// Gets whether the service is about to stop: it still accepts requests, but load balancers should send them
    /// elsewhere.
    /// </summary>
    public bool IsDraining => _isDraining;

    /// <summary>Gets whether load balancers should send requests here.</summary>
    public bool AcceptsRequests => IsReady && !IsDraining;

    /// <summary>Gets the served versions and their weights, for display; to predict, acquire a lease.</summary>
    public IReadOnlyList<ServedVersion> Current => [.. _shares.Select(share => share.Model.Version with { Weight = share.Weight })];

    /// <summary>Gets the loaded models; to predict, acquire a lease.</summary>
    public IReadOnlyList<ServedModel> Loaded => [.. _shares.Select(share => share.Model)];

    /// <summary>Marks the service as about to stop; see <see cref="IsDraining"/>.</summary>
    public void Drain() => _isDraining = true;

    /// <summary>
    /// Acquires a model for one request, chosen by weight: of every 100 requests, each version gets as many as its
    /// weight.
    /// </summary>
    /// <exception cref="RequestRejectedException">503: no model is loaded yet.</exception>
    public ModelLease Acquire()
    {
        while (_shares is { Length: > 0 } shares)
        {
            var model = Choose(shares, (uint)Interlocked.Increment(ref _requests) * Stride % 100);
            // If the model was replaced and disposed in the meantime, retries with the new models.
            if (model.TryAcquire()) return new ModelLease(model);
        }

        throw new RequestRejectedException(503, PredictionErrorCode.NotReady, "The model is still loading; retry in a second.");
    }

    /// <summary>Acquires a version regardless of its weight; returns null if it is not served.</summary>
    public ModelLease? Acquire(ModelVersion version)
    {
        while (_shares.FirstOrDefault(share => share.Model.Version.Version == version) is { } share)
        {
            if (share.Model.TryAcquire()) return new ModelLease(share.Model);
        }

        return null;
    }

    /// <summary>
    /// Replaces the served models. Requests in flight finish with the model that they have acquired; a replaced model
    /// is disposed after its last request.
    /// </summary>
    /// <param name="models">The models and their weights, which sum to 100. Models that are already served may be among
    /// them.</param>
    public void Replace(IReadOnlyList<(ServedModel Model, int Weight)> models)
    {
        var before = Interlocked.Exchange(ref _shares!, [.. models.Select(item => new Share(item.Model, item.Weight))]);
        foreach (var share in before)
        {
            if (!models.Any(item => item.Model == share.Model)) share.Model.Release();
        }
    }

    public void Dispose() => Replace([]);

    private static ServedModel Choose(Share[] shares, uint point)
    {
        var end = 0;
        foreach (var share in shares)
        {
            end += share.Weight;
            if (point < end) return share.Model;
        }

        return shares[^1].Model;
    }

    private sealed record Share(ServedModel Model, int Weight);
}
