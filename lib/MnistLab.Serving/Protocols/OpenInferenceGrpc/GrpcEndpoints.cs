using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection;
using Grpc.Reflection.V1Alpha;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// Maps the gRPC services to a separate port that uses HTTP/2 without encryption; sharing a port with HTTP/1.1 would
/// require TLS. Besides the Open Inference Protocol, the port offers gRPC's health protocol and server reflection.
/// </summary>
internal static class GrpcEndpoints
{
    public static void AddGrpcInference(this IServiceCollection services)
    {
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = ServiceLimits.SmallBodyBytes;
            options.IgnoreUnknownServices = true;
        });
        // Compression is disabled because gRPC decompresses messages without a size limit: 12 MB may expand to 12 GB.
        services.Configure<GrpcServiceOptions>(options => options.CompressionProviders.Clear());
        services.Configure<GrpcServiceOptions<GrpcInferenceService>>(
            options => options.MaxReceiveMessageSize = ServiceLimits.MaxBodyBytes);
        services.AddSingleton<IServiceMethodProvider<GrpcInferenceService>, InferenceMethods>();
        services.AddSingleton<GrpcInferenceService>().AddSingleton<GrpcHealth>();
        Google.Protobuf.Reflection.ServiceDescriptor[] described =
            [GRPCInferenceService.Descriptor, Health.Descriptor, ServerReflection.Descriptor];
        services.AddSingleton(new ReflectionServiceImpl(described)).AddSingleton(new ReflectionV1ServiceImpl(described));
    }

    /// <summary>Returns whether a request arrived on the gRPC port, the only one that accepts HTTP/2.</summary>
    public static bool IsGrpc(HttpContext context) => HttpProtocol.IsHttp2(context.Request.Protocol);

    /// <summary>
    /// Adds middleware that enforces the service's limits on gRPC requests and reports errors as gRPC statuses.
    /// </summary>
    public static void Use(IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        var pipeline = services.GetRequiredService<InferencePipeline>();
        var rejections = services.GetRequiredService<Rejections>();
        var limiter = services.GetRequiredService<LargeBodyLimiter>();
        var time = services.GetRequiredService<TimeProvider>();
        app.Use(async (context, next) =>
        {
            using var call = new GrpcCall(context, pipeline, limiter, time);
            context.Features.Set<IRequestBodyPipeFeature>(call);
            try
            {
                await next(context);
                // Rejections by routing or host filtering have no gRPC status yet.
                if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null })
                    RejectByStatus(context);
            }
            catch (InvalidOperationException) when (call.IsEnded)
            {
                // The response was completed when the request timed out, so its status cannot be set.
            }
            catch (Exception exception)
            {
                var rejection = rejections.Add(ServiceProtocol.OpenInferenceGrpc, exception);
                if (context.Response.HasStarted) context.Abort();
                else GrpcErrors.Write(context.Response, GrpcErrors.CodeOf(rejection.StatusCode), rejection.Message);
            }

            // Counts requests that the gRPC library itself rejected: the message is compressed, incomplete, or
            // canceled.
            if (call is not { IsInference: true, IsHandled: false }) return;
            if (context.Features.Get<IServerCallContextFeature>() is null) return;
            var isGone = context.RequestAborted.IsCancellationRequested;
            pipeline.Count(call, isGone ? CallOutcome.Abandoned : CallOutcome.Refused);
        });
    }

    /// <summary>Restricts gRPC methods to the gRPC port, and all other endpoints to the HTTP port.</summary>
    public static void Separate(IApplicationBuilder app) => app.Use((context, next) =>
    {
        var isMethod = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;
        if (isMethod != IsGrpc(context)) context.SetEndpoint(null);
        return next(context);
    });

    public static void MapGrpcInference(this WebApplication app)
    {
        app.MapGrpcService<GrpcInferenceService>();
        app.MapGrpcService<GrpcHealth>().AllowAnonymous();
        app.MapGrpcService<ReflectionServiceImpl>();
        app.MapGrpcService<ReflectionV1ServiceImpl>();
    }

    private static void RejectByStatus(HttpContext context)
    {
        if (context.Response.StatusCode == StatusCodes.Status400BadRequest)
            GrpcErrors.Write(context.Response, StatusCode.InvalidArgument, LoopbackHosts.Rejected(context).Message);
        else
            GrpcErrors.Write(
                context.Response,
                StatusCode.Unimplemented,
                $"There is no gRPC method {context.Request.Path} here. The services of this port are "
                + $"{GRPCInferenceService.Descriptor.FullName}, "
                + $"{Health.Descriptor.FullName}, and {ServerReflection.Descriptor.FullName}.");
    }
}
