using System.Text.Json;
using Grpc.Core;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Protocols.Tensors;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>Implements the Open Inference Protocol, version 2, over gRPC.</summary>
internal sealed class GrpcInferenceService(InferencePipeline pipeline, RunSettings settings, Rejections rejections)
{
    /// <summary>Runs the model on the images of a request.</summary>
    public async Task<ModelInferResponse> ModelInfer(InferMessage request, ServerCallContext context)
    {
        var call = GrpcCall.Begin(context);
        try
        {
            await pipeline.HandleAsync(call, call => InferAsync(request, call));
        }
        finally
        {
            // If the request timed out, the inference code may still be reading the pixels.
            if (!call.IsEnded) request.Release();
        }

        return call.Response ?? throw call.Error;
    }

    public Task<ServerLiveResponse> ServerLive(ServerLiveRequest request) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public Task<ServerReadyResponse> ServerReady(ServerReadyRequest request) =>
        Task.FromResult(new ServerReadyResponse { Ready = pipeline.Models.AcceptsRequests });

    public Task<ModelReadyResponse> ModelReady(ModelReadyRequest request) =>
        Respond(() => new ModelReadyResponse { Ready = Versions(request.Name, request.Version).Count > 0 });

    public Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request) => Task.FromResult(new ServerMetadataResponse
    {
        Name = ServerInformation.Name,
        Version = ServerInformation.Version,
        Extensions = { ServerInformation.BinaryTensors },
    });

    public Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request) => Respond(() =>
    {
        var versions = Versions(request.Name, request.Version);
        if (versions.Count == 0) throw NamedModel.NotReady();
        var labels = NamedModel.Labels(pipeline.Models, versions[0]);
        return new ModelMetadataResponse
        {
            Name = versions[0].Model,
            Versions = { versions.Select(version => version.Version.ToString()) },
            Platform = ServerInformation.Platform,
            Inputs = { Tensor(ModelSignature.Input, TensorRules.DataType, -1, 1, 28, 28) },
            Outputs =
            {
                Tensor(ModelSignature.Label, "INT64", -1),
                Tensor(ModelSignature.Probabilities, TensorRules.DataType, -1, labels.Count),
                Tensor(ModelSignature.Logits, TensorRules.DataType, -1, labels.Count),
            },
            // A property is a string, so the list is written as JSON.
            Properties = { ["labels"] = JsonSerializer.Serialize(labels) },
        };
    });

    private async Task InferAsync(InferMessage request, GrpcCall call)
    {
        if (!request.IsReadable) throw request.Rejection!;
        using var lease = NamedModel.Acquire(pipeline.Models, request.Model, NullIfEmpty(request.Version));
        if (request.Rejection is { } rejection) throw rejection;
        var inference = await pipeline.RunAsync(
            call,
            lease.Model,
            request,
            request.Images,
            static (service, request) => Inference.Compute(service, request.Pixels));
        call.Response = InferReply.Create(lease.Model.Version, request, inference);
    }

    private IReadOnlyList<ServedVersion> Versions(string name, string version) =>
        NamedModel.Versions(pipeline.Models, settings, name, NullIfEmpty(version));

    private Task<TResponse> Respond<TResponse>(Func<TResponse> respond)
    {
        try
        {
            return Task.FromResult(respond());
        }
        catch (Exception exception)
        {
            throw GrpcErrors.Create(rejections.Add(ServiceProtocol.OpenInferenceGrpc, exception));
        }
    }

    private static ModelMetadataResponse.Types.TensorMetadata Tensor(string name, string dataType, params ReadOnlySpan<long> shape) =>
        new() { Name = name, Datatype = dataType, Shape = { shape.ToArray() } };

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
