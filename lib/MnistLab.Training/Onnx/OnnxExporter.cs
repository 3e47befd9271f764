using Google.Protobuf;
using MnistLab.Training.Onnx;
using TorchSharp.Modules;

namespace MnistLab.Training;

/// <summary>Writes a network as an ONNX model, which any ONNX runtime can serve: opset 17, IR version 8, a free batch dimension.</summary>
public static class OnnxExporter
{
    /// <summary>The name of the model's input: images, float32 [N, 1, 28, 28] in [0, 1].</summary>
    public const string InputName = "images";

    /// <summary>The name of the model's output: logits, float32 [N, 10].</summary>
    public const string OutputName = "logits";

    private const long OpsetVersion = 17;
    private const long IrVersion = 8;

    /// <summary>Exports a network as it behaves in evaluation mode.</summary>
    /// <param name="network">A chain of layers of the kinds that <see cref="DigitModels"/> uses.</param>
    /// <param name="name">The name of the graph.</param>
    /// <returns>The bytes of a <c>.onnx</c> file.</returns>
    /// <exception cref="NotSupportedException">A layer has no counterpart here; the message names it.</exception>
    public static byte[] Export(Sequential network, string name)
    {
        ArgumentNullException.ThrowIfNull(network);
        var graph = new GraphProto { Name = name };
        graph.Input.Add(Value(InputName, 1, 28, 28));
        graph.Output.Add(Value(OutputName, 10));

        var current = InputName;
        foreach (var (layerName, layer) in network.named_children()) current = new OnnxLayer(graph, layerName).Add(layer, current);

        // The last layer's result is the model's.
        graph.Node[^1].Output[0] = OutputName;

        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "MnistLab", ProducerVersion = ProducerVersion, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OpsetVersion });
        return model.ToByteArray();
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
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } },
        };
    }
}
