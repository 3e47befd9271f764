namespace MnistLab.Serving;

/// <summary>
/// The model versions that the service answers with at the moment, and how the requests are shared out among them. Endpoints ask it anew for each request:
/// <code>using var loan = models.Borrow(); var answer = await calls.RunAsync(context, loan.Model, …);</code>
/// </summary>
internal sealed class ServedModels : IDisposable
{
    // Without a divisor in common with 100, so that a hundred requests meet each number from 0 to 99 once, well spread.
    private const uint Stride = 37;

    private volatile Share[] _shares = [];
    private int _requests;

    /// <summary>Whether there is a model to answer with: loaded, tried, warm.</summary>
    public bool IsReady => _shares.Length > 0;

    /// <summary>What is served at the moment, as facts to show; to predict, borrow.</summary>
    public IReadOnlyList<ServedVersion> Current => [.. _shares.Select(share => share.Model.Version with { Weight = share.Weight })];

    /// <summary>The models of the moment, as they are loaded; to predict, borrow.</summary>
    public IReadOnlyList<ServedModel> Loaded => [.. _shares.Select(share => share.Model)];

    /// <summary>Borrows the model for one request, chosen by weight: of each hundred requests every version gets as many as its weight says.</summary>
    /// <exception cref="RefusedRequestException">503: none is loaded yet.</exception>
    public ModelLoan Borrow()
    {
        while (_shares is { Length: > 0 } shares)
        {
            var model = Choose(shares, (uint)Interlocked.Increment(ref _requests) * Stride % 100);
            // Replaced and freed between the two lines: then there are new ones.
            if (model.TryBorrow()) return new ModelLoan(model);
        }

        throw new RefusedRequestException(503, PredictionErrorCode.NotReady, "The model is being loaded; ask again in a second.");
    }

    /// <summary>Borrows one version, whatever its weight; null if it is not served.</summary>
    public ModelLoan? Borrow(ModelVersion version)
    {
        while (_shares.FirstOrDefault(share => share.Model.Version.Version == version) is { } share)
        {
            if (share.Model.TryBorrow()) return new ModelLoan(share.Model);
        }

        return null;
    }

    /// <summary>Serves other models from now on. Requests under way finish with the model they have borrowed; those that are no longer served are freed after that.</summary>
    /// <param name="models">The models and their weights, which sum to 100. One that is served already may be among them.</param>
    public void Replace(IReadOnlyList<(ServedModel Model, int Weight)> models)
    {
        var before = Interlocked.Exchange(ref _shares!, [.. models.Select(item => new Share(item.Model, item.Weight))]);
        foreach (var share in before)
        {
            if (!models.Any(item => item.Model == share.Model)) share.Model.Return();
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
