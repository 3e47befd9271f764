using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.ObjectPool;
using MnistLab.Models;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Pipeline;

/// <summary>What the calls of all protocols have in common: reading the body, waiting for a turn, running the model, counting, errors.</summary>
internal sealed class InferencePipeline(ServedModels models, InferenceLimiter gate, LargeBodyLimiter room, RunningPredictions running, ServiceMetrics metrics, ErrorResponses errors)
{
    private readonly ObjectPool<ResponseBuffer> _answers = new DefaultObjectPool<ResponseBuffer>(new ResponseBuffer.Policy());

    /// <summary>The models to choose from.</summary>
    public ServedModels Models => models;

    /// <summary>Maps a call, to be answered and counted.</summary>
    public void Map(IEndpointRouteBuilder routes, string pattern, ServiceProtocol protocol, Func<HttpContext, ResponseBuffer, Task> answer) =>
        routes.MapMethods(pattern, [HttpMethods.Post], (RequestDelegate)(context => AnswerAsync(context, protocol, answer)));

    /// <summary>Reads the request's body.</summary>
    public ValueTask<RequestBody> ReadBodyAsync(HttpContext context) => RequestBody.ReadAsync(context, room);

    /// <summary>Runs steps of the model's inference code when it is this request's turn.</summary>
    /// <param name="context">The request.</param>
    /// <param name="model">The model, acquired by the request.</param>
    /// <param name="state">What the steps need.</param>
    /// <param name="pictures">How many pictures they predict.</param>
    /// <param name="steps">The steps.</param>
    /// <exception cref="RequestRejectedException">400: a picture cannot be read. 429: too many requests wait.</exception>
    public async ValueTask<TResult> RunAsync<TState, TResult>(HttpContext context, ServedModel model, TState state, int pictures, Func<CustomService, TState, TResult> steps)
    {
        var turn = await gate.EnterAsync(context);
        var result = running.Run(context, turn, model, state, steps);
        metrics.AddPictures(pictures);
        return result;
    }

    /// <summary>A part of a body as a stream to read.</summary>
    public static MemoryStream Open(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false, publiclyVisible: true)
        : new MemoryStream(bytes.ToArray(), 0, bytes.Length, writable: false, publiclyVisible: true);

    private async Task AnswerAsync(HttpContext context, ServiceProtocol protocol, Func<HttpContext, ResponseBuffer, Task> answer)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = CallOutcome.Success;
        var buffer = _answers.Get();
        try
        {
            await answer(context, buffer);
        }
        catch (PredictionTimedOutException late)
        {
            // Answered and counted when its time was over.
            await late.Answered;
            return;
        }
        catch (Exception exception)
        {
            outcome = await errors.AnswerAsync(context, exception);
        }
        finally
        {
            _answers.Return(buffer);
        }

        metrics.Add(protocol, outcome, Stopwatch.GetElapsedTime(started));
    }
}
