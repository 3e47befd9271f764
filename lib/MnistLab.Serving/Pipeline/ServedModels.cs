using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// The model versions that the service answers with at the moment, and how the requests are shared out among them. Endpoints ask it anew for each request:
/// <code>using var lease = models.Acquire(); var answer = await calls.RunAsync(context, lease.Model, …);</code>
/// </summary>
internal sealed class ServedModels : IDisposable
{
    // Without a divisor in common with 100, so that a hundred requests meet each number from 0 to 99 once, well spread.
    private const uint Stride = 37;

    private volatile Share[] _shares = [];
    private volatile bool _isDraining;
    private int _requests;

    /// <summary>Whether there is a model to answer with: loaded, tried, warm.</summary>
    public bool IsReady => _shares.Length > 0;

    /// <summary>
    /// Gets whether the service is about to stop: it still answers, but load balancers should send requests elsewhere.
    /// </summary>
    public bool IsDraining => _isDraining;

    /// <summary>Gets whether load balancers should send requests here.</summary>
    public bool AcceptsRequests => IsReady && !IsDraining;

    /// <summary>Gets the served versions and their weights, to show; to predict, acquire a lease.</summary>
    public IReadOnlyList<ServedVersion> Current => [.. _shares.Select(share => share.Model.Version with { Weight = share.Weight })];

    /// <summary>Gets the loaded models; to predict, acquire a lease.</summary>
    public IReadOnlyList<ServedModel> Loaded => [.. _shares.Select(share => share.Model)];

    /// <summary>Announces the end of the service; see <see cref="IsDraining"/>.</summary>
    public void Drain() => _isDraining = true;

    /// <summary>Acquires a model for one request, chosen by weight: of every hundred requests each version gets as many as its weight.</summary>
    /// <exception cref="RequestRejectedException">503: none is loaded yet.</exception>
    public ModelLease Acquire()
    {
        while (_shares is { Length: > 0 } shares)
        {
            var model = Choose(shares, (uint)Interlocked.Increment(ref _requests) * Stride % 100);
            // Replaced and freed between the two lines: then there are new ones.
            if (model.TryAcquire()) return new ModelLease(model);
        }

        throw new RequestRejectedException(503, PredictionErrorCode.NotReady, "The model is being loaded; ask again in a second.");
    }

    /// <summary>Acquires one version, whatever its weight; returns null if it is not served.</summary>
    public ModelLease? Acquire(ModelVersion version)
    {
        while (_shares.FirstOrDefault(share => share.Model.Version.Version == version) is { } share)
        {
            if (share.Model.TryAcquire()) return new ModelLease(share.Model);
        }

        return null;
    }

    /// <summary>Serves other models from now on. Requests in flight finish with the model that they have acquired; a model that is no longer served is freed after its last request.</summary>
    /// <param name="models">The models and their weights, which sum to 100. One that is served already may be among them.</param>
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
