namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>Provides the server metadata of the Open Inference Protocol, for REST and gRPC.</summary>
internal static class ServerInformation
{
    public const string Name = "mnistlab";

    /// <summary>The name of the binary tensor extension.</summary>
    public const string BinaryTensors = "binary_tensor_data";

    /// <summary>The platform of the models: the runtime and the model format.</summary>
    public const string Platform = "onnxruntime_onnx";

    public static string Version { get; } = typeof(ServerInformation).Assembly.GetName().Version!.ToString(3);
}
