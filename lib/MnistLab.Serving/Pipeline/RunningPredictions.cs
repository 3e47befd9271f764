using System.Runtime.ExceptionServices;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Hosting;
using MnistLab.Data.Images;
using MnistLab.Models;
using MnistLab.Serving.Metrics;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// The predictions that run at the moment, each on its request's own thread: a thread of its own for each would cost more than most of them take.
/// One whose time is over is answered from here, and its turn goes to the next; its code, which cannot be ended from outside, goes on unheard.
/// </summary>
internal sealed class RunningPredictions(Rejections rejections, ServiceMetrics metrics, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly HashSet<RunningPrediction> _running = [];

    /// <summary>How many have been given up and still go on.</summary>
    public int Overdue => GivenUp().Count;

    /// <summary>For how long the oldest of those has been overdue; nothing if there is none.</summary>
    public TimeSpan OldestOverdue => GivenUp().Select(prediction => time.GetElapsedTime(prediction.GivenUp!.Value)).Append(TimeSpan.Zero).Max();

    /// <summary>Runs steps of a model's inference code, and gives the turn back.</summary>
    /// <exception cref="PredictionTimedOutException">They took longer than they may, and the request has been answered.</exception>
    /// <exception cref="DigitImageException">The image cannot be read, or shows nothing.</exception>
    /// <exception cref="InferenceFailedException">They threw another exception.</exception>
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
        // The image's fault, not the code's.
        if (failure is DigitImageException) ExceptionDispatchInfo.Throw(failure);
        return failure is null ? result! : throw new InferenceFailedException(failure);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Also while the service stops: requests under way are finished first, one way or the other.
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
            // Whoever asked is gone.
        }
        finally
        {
            prediction.SetAnswered();
        }
    }

    private List<RunningPrediction> Late()
    {
        lock (_lock) return [.. _running.Where(prediction => prediction.GivenUp is null && time.GetElapsedTime(prediction.Started) > prediction.Limit)];
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
