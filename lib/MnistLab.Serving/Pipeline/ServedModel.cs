using MnistLab.Models;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// A loaded model version. Requests acquire it through <see cref="ServedModels"/>; it is freed when it is no longer served and its last request has ended.
/// </summary>
internal sealed class ServedModel(ServedVersion version, LoadedModel package, TimeSpan predictionLimit, TimeProvider time)
{
    // One for being served, and one for each request that uses it.
    private int _users = 1;

    /// <summary>What it is. Its weight is that of the time when it was loaded: the present one is in <see cref="ServedModels.Current"/>.</summary>
    public ServedVersion Version => version;

    /// <summary>What its <c>config.json</c> says.</summary>
    public ModelConfig Config => package.Config;

    /// <summary>When it was ready.</summary>
    public DateTimeOffset Loaded { get; } = time.GetUtcNow();

    /// <summary>How long one prediction may take.</summary>
    public TimeSpan PredictionLimit => predictionLimit;

    /// <summary>Its inference code, to be run by <see cref="RunningPredictions"/>, which sees to the time limit.</summary>
    public CustomService Service => package.Service;

    /// <summary>Takes a reference to the model; returns false if it was freed in the meantime.</summary>
    public bool TryAcquire()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users) return true;
            users = seen;
        }

        return false;
    }

    /// <summary>Releases a reference: that of one request, or that of being served.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) package.Dispose();
    }
}
