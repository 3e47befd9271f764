using System.Diagnostics;
using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// Represents a gRPC request, from its first byte to its status. The gRPC library reads the message through
/// <see cref="Reader"/>.
/// </summary>
internal sealed class GrpcCall : IInferenceCall, IRequestBodyPipeFeature, IDisposable
{
    private readonly HttpContext _context;
    private readonly GrpcBody _body;

    public GrpcCall(HttpContext context, InferencePipeline pipeline, LargeBodyLimiter limiter, TimeProvider time)
    {
        _context = context;
        IsInference = context.Request.Path == InferenceMethods.InferPath;
        Aborted = context.RequestAborted;
        var maxBytes = IsInference ? ServiceLimits.MaxBodyBytes : ServiceLimits.SmallBodyBytes;
        var lease = limiter.Acquire(null);
        _body = new GrpcBody(context.Request.BodyReader, maxBytes, lease, time, exception => FailAsync(pipeline, exception));
    }

    public ServiceProtocol Protocol => ServiceProtocol.OpenInferenceGrpc;

    public long Started { get; } = Stopwatch.GetTimestamp();

    public CancellationToken Aborted { get; private set; }

    /// <summary>Gets whether the request is for a prediction; only those are counted in the metrics.</summary>
    public bool IsInference { get; }

    /// <summary>Gets whether the pipeline has handled or rejected the request.</summary>
    public bool IsHandled { get; private set; }

    /// <summary>
    /// Gets whether the response was completed while the request's thread was still running the inference code.
    /// </summary>
    public bool IsEnded { get; private set; }

    /// <summary>Gets or sets the response; null until it is available.</summary>
    public ModelInferResponse? Response { get; set; }

    /// <summary>Gets the error to respond with if there is no response.</summary>
    public RpcException Error { get; private set; } =
        new(new Status(StatusCode.Cancelled, "The client canceled the call."));

    /// <summary>Gets the reader of the request's body, within the limits of the service.</summary>
    public PipeReader Reader => _body;

    /// <summary>Returns the call for which a gRPC method is being executed, and marks it as handled.</summary>
    public static GrpcCall Begin(ServerCallContext context)
    {
        var call = (GrpcCall)context.GetHttpContext().Features.Get<IRequestBodyPipeFeature>()!;
        // Unlike RequestAborted, this token is also canceled at the client's deadline.
        call.Aborted = context.CancellationToken;
        call.IsHandled = true;
        return call;
    }

    public Task RejectAsync(RequestRejectedException rejection)
    {
        Error = GrpcErrors.Create(rejection);
        return Task.CompletedTask;
    }

    public async Task EndAsync(RequestRejectedException rejection)
    {
        IsEnded = true;
        try
        {
            if (_context.Response.HasStarted) return;
            GrpcErrors.Write(_context.Response, GrpcErrors.CodeOf(rejection.StatusCode), rejection.Message);
            await _context.Response.CompleteAsync();
        }
        catch (InvalidOperationException)
        {
            // The client's deadline completed the response at the same moment.
        }
    }

    public void Dispose() => _body.Dispose();

    private async Task<Exception> FailAsync(InferencePipeline pipeline, Exception exception)
    {
        IsHandled = true;
        var outcome = await pipeline.RejectAsync(this, RequestBody.Describe(exception));
        if (IsInference) pipeline.Count(this, outcome);
        return Error;
    }
}
