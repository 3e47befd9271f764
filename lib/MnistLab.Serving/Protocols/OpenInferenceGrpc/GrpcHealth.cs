using Grpc.Core;
using Grpc.Health.V1;
using MnistLab.Serving.Pipeline;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// Implements gRPC's health protocol for Kubernetes and load balancers: <c>SERVING</c> while the model is loaded and
/// the service is not draining.
/// </summary>
/// <remarks><c>Watch</c> is not implemented, as the protocol allows; clients then use <c>Check</c>.</remarks>
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
