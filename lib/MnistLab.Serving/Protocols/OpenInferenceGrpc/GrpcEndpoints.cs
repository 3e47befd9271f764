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
/// gRPC on a port of its own, where HTTP/2 is spoken without encryption: on one port with HTTP/1.1, that would need TLS.
/// Besides the Open Inference Protocol it has gRPC's health protocol and server reflection.
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
        // Messages are decompressed without a limit: 12 MB may become 12 GB.
        services.Configure<GrpcServiceOptions>(options => options.CompressionProviders.Clear());
        services.Configure<GrpcServiceOptions<GrpcInferenceService>>(
            options => options.MaxReceiveMessageSize = ServiceLimits.MaxBodyBytes);
        services.AddSingleton<IServiceMethodProvider<GrpcInferenceService>, InferenceMethods>();
        services.AddSingleton<GrpcInferenceService>().AddSingleton<GrpcHealth>();
        Google.Protobuf.Reflection.ServiceDescriptor[] described =
            [GRPCInferenceService.Descriptor, Health.Descriptor, ServerReflection.Descriptor];
        services.AddSingleton(new ReflectionServiceImpl(described)).AddSingleton(new ReflectionV1ServiceImpl(described));
    }

    /// <summary>Whether a request came to the port of gRPC: only there HTTP/2 is spoken.</summary>
    public static bool IsGrpc(HttpContext context) => HttpProtocol.IsHttp2(context.Request.Protocol);

    /// <summary>Gives what follows the limits of the service, and its errors the form of gRPC.</summary>
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
                // What routing or host filtering has rejected has no status yet.
                if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null })
                    RejectByStatus(context);
            }
            catch (InvalidOperationException) when (call.IsEnded)
            {
                // The response was ended when its time was over: it takes no further status.
            }
            catch (Exception exception)
            {
                var rejection = rejections.Add(ServiceProtocol.OpenInferenceGrpc, exception);
                if (context.Response.HasStarted) context.Abort();
                else GrpcErrors.Write(context.Response, GrpcErrors.CodeOf(rejection.StatusCode), rejection.Message);
            }

            // What the library of gRPC has rejected itself: a message that is compressed, incomplete, or canceled.
            if (call is not { IsInference: true, IsHandled: false }) return;
            if (context.Features.Get<IServerCallContextFeature>() is null) return;
            var isGone = context.RequestAborted.IsCancellationRequested;
            pipeline.Count(call, isGone ? CallOutcome.Abandoned : CallOutcome.Refused);
        });
    }

    /// <summary>Keeps the methods of gRPC to its port, and everything else away from it.</summary>
    public static void Separate(IApplicationBuilder app) => app.Use((context, next) =>
    {
        var isMethod = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;
        if (isMethod != IsGrpc(context)) context.SetEndpoint(null);
        return next(context);
    });

    public static void MapGrpcInference(this WebApplication app)
    {
        app.MapGrpcService<GrpcInferenceService>();
        app.MapGrpcService<GrpcHealth>();
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
