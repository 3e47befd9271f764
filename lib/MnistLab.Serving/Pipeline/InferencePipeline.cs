using System.Diagnostics;
using System.Runtime.InteropServices;
using MnistLab.Models;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Processes the requests of all protocols, REST and gRPC: chooses a model, waits for a permit, runs the model within
/// its time limit, counts the request, and handles errors. A protocol only translates requests and responses.
/// </summary>
internal sealed class InferencePipeline(
    ServedModels models,
    InferenceLimiter limiter,
    RunningPredictions running,
    ServiceMetrics metrics,
    Rejections rejections)
{
    /// <summary>Gets the served models.</summary>
    public ServedModels Models => models;

    /// <summary>
    /// Handles a request: lets its protocol respond, rejects the request if that fails, and counts it.
    /// </summary>
    /// <param name="call">The request.</param>
    /// <param name="respond">Reads the request, runs the model with <see cref="RunAsync"/>, and writes the
    /// response.</param>
    public async Task HandleAsync<TCall>(TCall call, Func<TCall, Task> respond)
        where TCall : IInferenceCall
    {
        var outcome = CallOutcome.Success;
        try
        {
            await respond(call);
        }
        catch (PredictionTimedOutException late)
        {
            // RunningPredictions rejected and counted the request when it timed out.
            await late.Answered;
            return;
        }
        catch (Exception exception)
        {
            outcome = await RejectAsync(call, exception);
        }

        Count(call, outcome);
    }

    /// <summary>Waits for a permit, and then runs steps of the model's inference code.</summary>
    /// <param name="call">The request.</param>
    /// <param name="model">The model, acquired by the request.</param>
    /// <param name="state">The argument to pass to the steps.</param>
    /// <param name="images">The number of images to predict.</param>
    /// <param name="steps">The steps to run.</param>
    /// <exception cref="RequestRejectedException">429: too many requests wait.</exception>
    public async ValueTask<TResult> RunAsync<TState, TResult>(
        IInferenceCall call, ServedModel model, TState state, int images, Func<CustomService, TState, TResult> steps)
    {
        var turn = await limiter.EnterAsync(call.Aborted);
        var result = running.Run(call, turn, model, state, steps);
        metrics.AddPictures(images);
        return result;
    }

    /// <summary>Opens part of a body as a read-only stream.</summary>
    public static MemoryStream Open(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false, publiclyVisible: true)
        : new MemoryStream(bytes.ToArray(), 0, bytes.Length, writable: false, publiclyVisible: true);

    /// <summary>
    /// Adds a request to the metrics; not to be used for requests that <see cref="HandleAsync"/> handles and counts.
    /// </summary>
    public void Count(IInferenceCall call, CallOutcome outcome) =>
        metrics.Add(call.Protocol, outcome, Stopwatch.GetElapsedTime(call.Started));

    /// <summary>Responds to a request with the error that describes an exception.</summary>
    /// <returns>The outcome of the request.</returns>
    public async Task<CallOutcome> RejectAsync(IInferenceCall call, Exception exception)
    {
        if (call.Aborted.IsCancellationRequested) return CallOutcome.Abandoned;
        var rejection = rejections.Add(call.Protocol, exception);
        await call.RejectAsync(rejection);
        return Rejections.OutcomeOf(rejection);
    }
}
