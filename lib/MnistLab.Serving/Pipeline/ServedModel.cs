using MnistLab.Models;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Represents a loaded model version. Requests acquire it through <see cref="ServedModels"/>; it is disposed when it is
/// no longer served and its last request has finished.
/// </summary>
internal sealed class ServedModel(ServedVersion version, LoadedModel package, TimeSpan predictionLimit)
{
    // The reference count: one for being served, and one for each request that uses the model.
    private int _users = 1;

    /// <summary>
    /// Gets the version. Its weight is the one at load time; for the current weight, see
    /// <see cref="ServedModels.Current"/>.
    /// </summary>
    public ServedVersion Version => version;

    /// <summary>Gets the contents of the model's <c>config.json</c>.</summary>
    public ModelConfig Config => package.Config;

    /// <summary>Gets the time limit of one prediction.</summary>
    public TimeSpan PredictionLimit => predictionLimit;

    /// <summary>
    /// Gets the inference code. Run it through <see cref="RunningPredictions"/>, which enforces the time limit.
    /// </summary>
    public CustomService Service => package.Service;

    /// <summary>Acquires a reference to the model; returns false if the model has already been disposed.</summary>
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

    /// <summary>Releases a reference, either that of a request or that of being served.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) package.Dispose();
    }
}
