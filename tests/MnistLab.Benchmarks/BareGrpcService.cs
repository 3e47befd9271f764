using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;

namespace MnistLab.Benchmarks;

/// <summary>
/// Represents a minimal gRPC service: the gRPC library reads the message with the generated classes and returns a
/// constant.
/// </summary>
internal sealed class BareGrpcService : IServiceMethodProvider<BareGrpcService>
{
    private static readonly ModelInferResponse Answer = new()
    {
        ModelName = "digits",
        ModelVersion = "0.0.1",
        Outputs = { new ModelInferResponse.Types.InferOutputTensor { Name = "logits", Datatype = "FP32", Shape = { 1, 10 } } },
        RawOutputContents = { ByteString.CopyFrom(new byte[40]) },
    };

    public static void Add(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(server => server.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<BareGrpcService>().AddSingleton<IServiceMethodProvider<BareGrpcService>, BareGrpcService>();
    }

    public static void Map(WebApplication app)
    {
        app.UseRouting();
        app.MapGrpcService<BareGrpcService>();
    }

    // Does what the generated code does.
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<BareGrpcService> context) => context.AddUnaryMethod(
        new Method<ModelInferRequest, ModelInferResponse>(
            MethodType.Unary,
            GRPCInferenceService.Descriptor.FullName,
            "ModelInfer",
            MarshallerOf(ModelInferRequest.Parser),
            MarshallerOf(ModelInferResponse.Parser)),
        [],
        static (_, _, _) => Task.FromResult(Answer));

    private static Marshaller<TMessage> MarshallerOf<TMessage>(MessageParser<TMessage> parser)
        where TMessage : class, IMessage<TMessage> => new(
            static (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
