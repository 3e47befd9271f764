using Grpc.Core;
using Grpc.Health.V1;
using MnistLab.Serving.Pipeline;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// gRPC's health protocol, as Kubernetes and load balancers ask it: serving when the model is loaded and warm.
/// </summary>
/// <remarks><c>Watch</c> is left unimplemented, which its definition allows: clients then go by <c>Check</c>.</remarks>
internal sealed class GrpcHealth(ServedModels models) : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (request.Service.Length > 0 && request.Service != GRPCInferenceService.Descriptor.FullName)
            throw new RpcException(new Status(StatusCode.NotFound, $"There is no service '{request.Service}' here."));
        var status = models.AcceptsRequests
            ? HealthCheckResponse.Types.ServingStatus.Serving
            : HealthCheckResponse.Types.ServingStatus.NotServing;
        return Task.FromResult(new HealthCheckResponse { Status = status });
    }
}
