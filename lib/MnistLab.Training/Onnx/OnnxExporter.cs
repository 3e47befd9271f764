using Google.Protobuf;
using MnistLab.Training.Inputs;
using static TorchSharp.torch;

namespace MnistLab.Training.Onnx;

/// <summary>
/// Exports a network as an ONNX model, which any ONNX runtime can serve: opset 17, IR version 8, and a dynamic batch
/// dimension.
/// </summary>
public static class OnnxExporter
{
    /// <summary>The name of the model's input: images, float32 [N, 1, 28, 28] in [0, 1].</summary>
    public const string InputName = "images";

    /// <summary>The name of the model's output: logits, float32 [N, classes].</summary>
    public const string OutputName = "logits";

    private const long OpsetVersion = 17;
    private const long IrVersion = 8;

    /// <summary>Exports a network with its behavior in evaluation mode.</summary>
    /// <param name="network">
    /// The network, which maps images, float32 [N, 1, 28, 28] in [0, 1], to logits, float32 [N, classes].
    /// </param>
    /// <param name="name">The name of the graph.</param>
    /// <param name="layers">The layer types that can be exported; <see cref="OnnxLayers.Default"/> if null.</param>
    /// <returns>The bytes of a <c>.onnx</c> file.</returns>
    /// <exception cref="NotSupportedException">
    /// A layer cannot be exported; the message names it and lists the layer types that can be exported.
    /// </exception>
    public static byte[] Export(nn.Module<Tensor, Tensor> network, string name, OnnxLayers? layers = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        layers ??= OnnxLayers.Default;
        var graph = new GraphProto { Name = name };
        graph.Input.Add(Value(InputName, 1, 28, 28));
        graph.Output.Add(Value(OutputName, ClassesOf(network)));
        var writer = new OnnxLayerWriter(graph, layers, "", InputName);
        var output = layers.Write(network, writer);
        // The output of the last layer is the output of the model.
        if (graph.Node is [.., { Output: [var last] } node] && last == output) node.Output[0] = OutputName;
        else writer.Node("Identity", [output], OutputName);

        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "MnistLab", ProducerVersion = ProducerVersion, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OpsetVersion });
        return model.ToByteArray();
    }

    private static long ClassesOf(nn.Module<Tensor, Tensor> network)
    {
        using var scope = NewDisposeScope();
        using var gradientsOff = no_grad();
        using var mode = new EvaluationMode(network);
        return network.forward(zeros(1, 1, 28, 28)).shape[^1];
    }

    private static string ProducerVersion => typeof(OnnxExporter).Assembly.GetName().Version?.ToString(3) ?? "";

    private static ValueInfoProto Value(string name, params ReadOnlySpan<long> shapeOfOne)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        foreach (var size in shapeOfOne) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor
                {
                    ElemType = (int)TensorProto.Types.DataType.Float,
                    Shape = shape
                }
            },
        };
    }
}
