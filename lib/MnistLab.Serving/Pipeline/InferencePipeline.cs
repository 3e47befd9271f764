using System.Diagnostics;
using System.Runtime.InteropServices;
using MnistLab.Models;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// What the requests of all protocols, REST and gRPC, have in common: choosing a model, waiting for a turn, running the
/// model within its time, counting, errors. Protocols translate to and from it.
/// </summary>
internal sealed class InferencePipeline(
    ServedModels models,
    InferenceLimiter limiter,
    RunningPredictions running,
    ServiceMetrics metrics,
    Rejections rejections)
{
    /// <summary>Gets the models to choose from.</summary>
    public ServedModels Models => models;

    /// <summary>Handles a call: lets its protocol respond, rejects it if that fails, and counts it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="respond">Reads the request, runs the model with <see cref="RunAsync"/>, and writes the response.</param>
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
            // Rejected and counted when its time was over.
            await late.Answered;
            return;
        }
        catch (Exception exception)
        {
            outcome = await RejectAsync(call, exception);
        }

        Count(call, outcome);
    }

    /// <summary>Runs steps of the model's inference code when it is this request's turn.</summary>
    /// <param name="call">The call.</param>
    /// <param name="model">The model, acquired by the request.</param>
    /// <param name="state">What the steps need.</param>
    /// <param name="images">How many images they predict.</param>
    /// <param name="steps">The steps.</param>
    /// <exception cref="RequestRejectedException">400: an image cannot be read. 429: too many requests wait.</exception>
    public async ValueTask<TResult> RunAsync<TState, TResult>(
        IInferenceCall call, ServedModel model, TState state, int images, Func<CustomService, TState, TResult> steps)
    {
        var turn = await limiter.EnterAsync(call.Aborted);
        var result = running.Run(call, turn, model, state, steps);
        metrics.AddPictures(images);
        return result;
    }

    /// <summary>Opens a part of a body as a stream to read.</summary>
    public static MemoryStream Open(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false, publiclyVisible: true)
        : new MemoryStream(bytes.ToArray(), 0, bytes.Length, writable: false, publiclyVisible: true);

    /// <summary>Counts a call; those that <see cref="HandleAsync"/> handles it has counted.</summary>
    public void Count(IInferenceCall call, CallOutcome outcome) =>
        metrics.Add(call.Protocol, outcome, Stopwatch.GetElapsedTime(call.Started));

    /// <summary>Responds to a call with the error that an exception stands for.</summary>
    /// <returns>How the call has ended.</returns>
    public async Task<CallOutcome> RejectAsync(IInferenceCall call, Exception exception)
    {
        if (call.Aborted.IsCancellationRequested) return CallOutcome.Abandoned;
        var rejection = rejections.Add(call.Protocol, exception);
        await call.RejectAsync(rejection);
        return Rejections.OutcomeOf(rejection);
    }
}
