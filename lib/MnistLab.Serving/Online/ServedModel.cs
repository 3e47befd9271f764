namespace MnistLab.Serving;

/// <summary>
/// A model version that is loaded and answers. Requests borrow it through <see cref="ServedModels"/>; it is freed when it is no longer served and its last request has ended.
/// </summary>
internal sealed class ServedModel(ServedVersion version, ModelPackage package, TimeSpan predictionLimit, OverduePredictions overdue, TimeProvider time)
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

    /// <summary>Predicts the digit on a picture.</summary>
    /// <exception cref="PredictionTimeLimitException">The inference code takes longer than it may.</exception>
    /// <exception cref="Data.DigitImageException">It is no picture, or there is nothing on it.</exception>
    public Task<Prediction> PredictAsync(Stream picture, CancellationToken cancellationToken) =>
        RunAsync(picture, static (service, stream) => service.Predict(stream), cancellationToken);

    /// <summary>
    /// Runs a step of the inference code, or several, within the time limit. Code that passes it cannot be ended: it goes on, unheard, and the model stays loaded for it.
    /// </summary>
    /// <exception cref="PredictionTimeLimitException">The inference code takes longer than it may.</exception>
    public async Task<TResult> RunAsync<TState, TResult>(TState state, Func<CustomService, TState, TResult> steps, CancellationToken cancellationToken)
    {
        // On a thread of its own: one that hangs must not take the request with it.
        var work = Task.Run(() => steps(package.Service, state), CancellationToken.None);
        try
        {
            return await work.WaitAsync(predictionLimit, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException && !work.IsCompleted)
        {
            Outlive(work, exception is TimeoutException ? TimeSpan.Zero : predictionLimit);
            if (exception is TimeoutException) throw new PredictionTimeLimitException(predictionLimit);
            throw;
        }
    }

    /// <summary>Begins to use it; false if it was freed in the meantime.</summary>
    public bool TryBorrow()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users) return true;
            users = seen;
        }

        return false;
    }

    /// <summary>Ends a use, or the time of being served.</summary>
    public void Return()
    {
        if (Interlocked.Decrement(ref _users) == 0) package.Dispose();
    }

    private void Outlive(Task work, TimeSpan timeLeft)
    {
        // Still borrowed by the caller, so this cannot fail.
        _ = TryBorrow();
        overdue.Add(work, timeLeft);
        _ = work.ContinueWith(_ => Return(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
