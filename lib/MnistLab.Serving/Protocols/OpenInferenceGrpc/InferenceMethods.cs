using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// Registers the methods of the gRPC service. The message of <c>ModelInfer</c> is read by <see cref="InferMessage"/>,
/// the others by the generated classes.
/// </summary>
internal sealed class InferenceMethods : IServiceMethodProvider<GrpcInferenceService>
{
    /// <summary>The path prefix of the service's methods.</summary>
    public const string Path = "/inference.GRPCInferenceService/";

    /// <summary>The path of <c>ModelInfer</c>.</summary>
    public const string InferPath = Path + nameof(GrpcInferenceService.ModelInfer);

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<GrpcInferenceService> context)
    {
        context.AddUnaryMethod(
            MethodOf(
                nameof(GrpcInferenceService.ModelInfer),
                new Marshaller<InferMessage>(
                    static (_, _) => throw new NotSupportedException("A service only deserializes requests."),
                    static message => InferMessage.Read(message.PayloadAsReadOnlySequence())),
                Marshaller<ModelInferResponse>(null)),
            [],
            static (service, request, call) => service.ModelInfer(request, call));
        Add(
            ServerLiveRequest.Parser,
            nameof(GrpcInferenceService.ServerLive),
            static (service, request) => service.ServerLive(request),
            new AllowAnonymousAttribute());
        Add(
            ServerReadyRequest.Parser,
            nameof(GrpcInferenceService.ServerReady),
            static (service, request) => service.ServerReady(request),
            new AllowAnonymousAttribute());
        Add(
            ModelReadyRequest.Parser,
            nameof(GrpcInferenceService.ModelReady),
            static (service, request) => service.ModelReady(request));
        Add(
            ServerMetadataRequest.Parser,
            nameof(GrpcInferenceService.ServerMetadata),
            static (service, request) => service.ServerMetadata(request));
        Add(
            ModelMetadataRequest.Parser,
            nameof(GrpcInferenceService.ModelMetadata),
            static (service, request) => service.ModelMetadata(request));

        void Add<TRequest, TResponse>(
            MessageParser<TRequest> parser,
            string name,
            Func<GrpcInferenceService, TRequest, Task<TResponse>> respond,
            params object[] metadata)
            where TRequest : class, IMessage<TRequest>
            where TResponse : class, IMessage<TResponse> =>
            context.AddUnaryMethod(
                MethodOf(name, Marshaller(parser), Marshaller<TResponse>(null)),
                metadata,
                (service, request, _) => respond(service, request));
    }

    private static Method<TRequest, TResponse> MethodOf<TRequest, TResponse>(
        string name, Marshaller<TRequest> requests, Marshaller<TResponse> responses) =>
        new(MethodType.Unary, GRPCInferenceService.Descriptor.FullName, name, requests, responses);

    private static Marshaller<TMessage> Marshaller<TMessage>(MessageParser<TMessage>? parser)
        where TMessage : class, IMessage<TMessage> => new(
            static (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => Read(parser!, context));

    private static TMessage Read<TMessage>(MessageParser<TMessage> parser, DeserializationContext context)
        where TMessage : IMessage<TMessage>
    {
        try
        {
            return parser.ParseFrom(context.PayloadAsReadOnlySequence());
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The message cannot be read. {exception.Message}"));
        }
    }
}
