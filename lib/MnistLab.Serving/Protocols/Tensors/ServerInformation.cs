namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>What the Open Inference Protocol tells of the server, by REST and by gRPC.</summary>
internal static class ServerInformation
{
    public const string Name = "mnistlab";

    /// <summary>The extension of binary tensors.</summary>
    public const string BinaryTensors = "binary_tensor_data";

    /// <summary>What the models are, and what runs them.</summary>
    public const string Platform = "onnxruntime_onnx";

    public static string Version { get; } = typeof(ServerInformation).Assembly.GetName().Version!.ToString(3);
}
