using Google.Protobuf;

namespace MnistLab.Training.Onnx;

/// <summary>What an ONNX model computes, step by step: for people to look at.</summary>
public sealed class OnnxGraph
{
    private OnnxGraph(ModelProto model)
    {
        var weights = model.Graph.Initializer.ToDictionary(tensor => tensor.Name, tensor => tensor.Dims.Aggregate(1L, (product, size) => product * size), StringComparer.Ordinal);
        Name = model.Graph.Name;
        Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim();
        Opset = model.OpsetImport.FirstOrDefault()?.Version ?? 0;
        Nodes = [.. model.Graph.Node.Select(node => new OnnxNode(node.OpType, [.. node.Input], node.Output.FirstOrDefault() ?? "", node.Input.Sum(input => weights.GetValueOrDefault(input))))];
    }

    /// <summary>The graph's name.</summary>
    public string Name { get; }

    /// <summary>The program that wrote it.</summary>
    public string Producer { get; }

    /// <summary>The version of the set of operators that it uses.</summary>
    public long Opset { get; }

    /// <summary>The steps, in the order in which they are computed.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; }

    /// <summary>Reads a model.</summary>
    /// <param name="onnx">The bytes of a <c>.onnx</c> file.</param>
    /// <exception cref="InvalidDataException">They are no ONNX model.</exception>
    public static OnnxGraph Read(byte[] onnx)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        try
        {
            var model = ModelProto.Parser.ParseFrom(onnx);
            return model.Graph is null ? throw new InvalidDataException($"These {onnx.Length} bytes are no ONNX model: they hold no graph.") : new OnnxGraph(model);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"These {onnx.Length} bytes are no ONNX model: {error.Message}", error);
        }
    }
}
