using Microsoft.AspNetCore.Http;

namespace MnistLab.Serving.Metrics;

/// <summary>The protocols that the service is asked in.</summary>
internal enum ServiceProtocol
{
    /// <summary>ModelArts's own: errors are <c>{"error_code","error_msg"}</c>.</summary>
    ModelArts,

    /// <summary>TensorFlow Serving's and KServe's first, at <c>/v1</c>: errors are <c>{"error"}</c>.</summary>
    TensorFlow,

    /// <summary>The Open Inference Protocol, at <c>/v2</c>: errors are <c>{"error"}</c>.</summary>
    OpenInference,

    /// <summary>The Open Inference Protocol by gRPC: errors are gRPC's status.</summary>
    OpenInferenceGrpc,
}

/// <summary>Which protocol an address belongs to.</summary>
internal static class ServiceProtocols
{
    public static ServiceProtocol Of(PathString path) =>
        path.StartsWithSegments("/v1", StringComparison.Ordinal) ? ServiceProtocol.TensorFlow
        : path.StartsWithSegments("/v2", StringComparison.Ordinal) ? ServiceProtocol.OpenInference
        : ServiceProtocol.ModelArts;

    /// <summary>Its name in metrics.</summary>
    public static string Label(this ServiceProtocol protocol) => protocol switch
    {
        ServiceProtocol.TensorFlow => "tensorflow",
        ServiceProtocol.OpenInference => "open_inference",
        ServiceProtocol.OpenInferenceGrpc => "open_inference_grpc",
        _ => "modelarts",
    };
}
