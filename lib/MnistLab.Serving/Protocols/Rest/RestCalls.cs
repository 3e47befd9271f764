using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.ObjectPool;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.Rest;

/// <summary>Passes the requests of the REST protocols to the pipeline.</summary>
internal sealed class RestCalls(InferencePipeline pipeline, LargeBodyLimiter limiter)
{
    private readonly ObjectPool<ResponseBuffer> _buffers = new DefaultObjectPool<ResponseBuffer>(new ResponseBuffer.Policy());

    /// <summary>Gets the pipeline.</summary>
    public InferencePipeline Pipeline => pipeline;

    /// <summary>Maps a prediction endpoint.</summary>
    /// <param name="routes">The route builder.</param>
    /// <param name="pattern">The route pattern.</param>
    /// <param name="protocol">The endpoint's protocol.</param>
    /// <param name="respond">Reads the request, runs the model, and writes the response.</param>
    public void Map(IEndpointRouteBuilder routes, string pattern, ServiceProtocol protocol, Func<RestCall, Task> respond) =>
        routes.MapMethods(pattern, [HttpMethods.Post], (RequestDelegate)(context => HandleAsync(context, protocol, respond)));

    private async Task HandleAsync(HttpContext context, ServiceProtocol protocol, Func<RestCall, Task> respond)
    {
        var buffer = _buffers.Get();
        try
        {
            await pipeline.HandleAsync(new RestCall(context, protocol, buffer, limiter), respond);
        }
        finally
        {
            _buffers.Return(buffer);
        }
    }
}
