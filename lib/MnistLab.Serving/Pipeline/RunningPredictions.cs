using System.Runtime.ExceptionServices;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Hosting;
using MnistLab.Data.Images;
using MnistLab.Models;
using MnistLab.Serving.Metrics;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Runs predictions, each on its request's own thread, since a separate thread would cost more than most predictions.
/// If a prediction times out, this service responds to the request and releases its permit; the inference code, which
/// cannot be aborted, keeps running and its result is discarded.
/// </summary>
internal sealed class RunningPredictions(Rejections rejections, ServiceMetrics metrics, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly HashSet<RunningPrediction> _running = [];

    /// <summary>Gets the number of predictions that have timed out and are still running.</summary>
    public int Overdue => GivenUp().Count;

    /// <summary>
    /// Gets the time for which the oldest timed-out prediction has been overdue; zero if there is none.
    /// </summary>
    public TimeSpan OldestOverdue =>
        GivenUp().Select(prediction => time.GetElapsedTime(prediction.GivenUp!.Value)).Append(TimeSpan.Zero).Max();

    /// <summary>Runs steps of a model's inference code and releases the permit.</summary>
    /// <exception cref="PredictionTimedOutException">The steps exceeded the time limit, and another thread sends the
    /// timeout response.</exception>
    /// <exception cref="DigitImageException">The image cannot be read or is blank.</exception>
    /// <exception cref="InferenceFailedException">The steps threw another exception.</exception>
    public TResult Run<TState, TResult>(
        IInferenceCall call, RateLimitLease turn, ServedModel model, TState state, Func<CustomService, TState, TResult> steps)
    {
        var prediction = new RunningPrediction(call, turn, time.GetTimestamp(), model.PredictionLimit);
        lock (_lock) _running.Add(prediction);
        var result = default(TResult);
        Exception? failure = null;
        try
        {
            result = steps(model.Service, state);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lock (_lock) _running.Remove(prediction);
        if (!prediction.TryTakeAnswer()) throw new PredictionTimedOutException(prediction.Answered);
        turn.Dispose();
        // The image is invalid; the inference code did not fail.
        if (failure is DigitImageException) ExceptionDispatchInfo.Throw(failure);
        return failure is null ? result! : throw new InferenceFailedException(failure);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Keeps running while the service stops, so that the remaining requests either finish or time out.
        while (!stoppingToken.IsCancellationRequested || HasRunning())
        {
            await Task.Delay(Interval, time, CancellationToken.None);
            foreach (var prediction in Late()) await GiveUpAsync(prediction);
        }
    }

    private async Task GiveUpAsync(RunningPrediction prediction)
    {
        if (!prediction.TryTakeAnswer()) return;
        prediction.GivenUp = time.GetTimestamp();
        prediction.Turn.Dispose();
        try
        {
            var (call, elapsed) = (prediction.Call, time.GetElapsedTime(prediction.Started));
            if (call.Aborted.IsCancellationRequested)
            {
                metrics.Add(call.Protocol, CallOutcome.Abandoned, elapsed);
                return;
            }

            var rejection = rejections.Add(call.Protocol, new PredictionTimeLimitException(prediction.Limit));
            metrics.Add(call.Protocol, Rejections.OutcomeOf(rejection), elapsed);
            await call.EndAsync(rejection);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has disconnected.
        }
        finally
        {
            prediction.SetAnswered();
        }
    }

    private List<RunningPrediction> Late()
    {
        lock (_lock) return [.. _running.Where(
            prediction => prediction.GivenUp is null && time.GetElapsedTime(prediction.Started) > prediction.Limit)];
    }

    private List<RunningPrediction> GivenUp()
    {
        lock (_lock) return [.. _running.Where(prediction => prediction.GivenUp is not null)];
    }

    private bool HasRunning()
    {
        lock (_lock) return _running.Any(prediction => prediction.GivenUp is null);
    }
}
