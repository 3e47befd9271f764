using Microsoft.AspNetCore.Http;

namespace MnistLab.Serving.Metrics;

/// <summary>Specifies the protocol of a request.</summary>
internal enum ServiceProtocol
{
    /// <summary>ModelArts's protocol: errors are <c>{"error_code","error_msg"}</c>.</summary>
    ModelArts,

    /// <summary>
    /// The protocol of TensorFlow Serving, also version 1 of KServe's, at <c>/v1</c>: errors are <c>{"error"}</c>.
    /// </summary>
    TensorFlow,

    /// <summary>The Open Inference Protocol, at <c>/v2</c>: errors are <c>{"error"}</c>.</summary>
    OpenInference,

    /// <summary>The Open Inference Protocol over gRPC: errors are gRPC statuses.</summary>
    OpenInferenceGrpc,
}

/// <summary>Determines and names the protocols.</summary>
internal static class ServiceProtocols
{
    public static ServiceProtocol From(PathString path) =>
        path.StartsWithSegments("/v1", StringComparison.Ordinal) ? ServiceProtocol.TensorFlow
        : path.StartsWithSegments("/v2", StringComparison.Ordinal) ? ServiceProtocol.OpenInference
        : ServiceProtocol.ModelArts;

    /// <summary>Returns the name of the protocol in metrics.</summary>
    public static string Label(this ServiceProtocol protocol) => protocol switch
    {
        ServiceProtocol.TensorFlow => "tensorflow",
        ServiceProtocol.OpenInference => "open_inference",
        ServiceProtocol.OpenInferenceGrpc => "open_inference_grpc",
        _ => "modelarts",
    };
}
