using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.Rest;

/// <summary>Represents a prediction request of one of the REST protocols.</summary>
internal sealed class RestCall(
    HttpContext context,
    ServiceProtocol protocol,
    ResponseBuffer buffer,
    LargeBodyLimiter limiter)
    : IInferenceCall
{
    /// <summary>Gets the context of the request and its response.</summary>
    public HttpContext Context => context;

    /// <summary>Gets the buffer to write the response to.</summary>
    public ResponseBuffer Buffer => buffer;

    public ServiceProtocol Protocol => protocol;

    public long Started { get; } = Stopwatch.GetTimestamp();

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Reads the request's body.</summary>
    public ValueTask<RequestBody> ReadBodyAsync() => RequestBody.ReadAsync(context, limiter);

    public Task RejectAsync(RequestRejectedException rejection) => ErrorResponses.RejectAsync(context, rejection);

    public async Task EndAsync(RequestRejectedException rejection)
    {
        // The connection cannot be reused: the next request on it would wait for this request's inference code to
        // return.
        if (!context.Response.HasStarted) context.Response.Headers.Connection = "close";
        await RejectAsync(rejection);
        await context.Response.CompleteAsync();
    }
}
