using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Represents a gRPC client that is generated from the definition of the protocol, and creates the requests of the
/// tests.
/// </summary>
internal sealed class InferenceClient(Uri url) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(url, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { UseProxy = false },
        DisposeHttpClient = true,
        MaxRetryAttempts = 1,
    });

    public GrpcChannel Channel => _channel;

    public GRPCInferenceService.GRPCInferenceServiceClient Service => new(_channel);

    /// <summary>Creates a request with raw pixels.</summary>
    public static ModelInferRequest Raw(float[] pixels, params long[] shape)
    {
        var request = Empty(shape);
        request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes(pixels.AsSpan())));
        return request;
    }

    /// <summary>Creates a request with typed pixels.</summary>
    public static ModelInferRequest Typed(float[] pixels, params long[] shape)
    {
        var request = Empty(shape);
        request.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { pixels } };
        return request;
    }

    public static float[] Floats(ModelInferResponse response, string output) =>
        MemoryMarshal.Cast<byte, float>(RawOf(response, output).Span).ToArray();

    public static long[] Labels(ModelInferResponse response) => MemoryMarshal.Cast<byte, long>(RawOf(response, "label").Span).ToArray();

    /// <summary>Returns the status with which a call fails.</summary>
    public static async Task<Status> FailureAsync<TResponse>(AsyncUnaryCall<TResponse> call) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await call)).Status;

    public void Dispose() => _channel.Dispose();

    private static ByteString RawOf(ModelInferResponse response, string output) =>
        response.RawOutputContents[response.Outputs.ToList().FindIndex(item => item.Name == output)];

    private static ModelInferRequest Empty(long[] shape) => new()
    {
        ModelName = FastModel.Name,
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "images", Datatype = "FP32", Shape = { shape } } },
    };
}
