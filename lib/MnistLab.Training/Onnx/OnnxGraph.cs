using Google.Protobuf;

namespace MnistLab.Training.Onnx;

/// <summary>Represents the computation graph of an ONNX model, for display.</summary>
public sealed class OnnxGraph
{
    private OnnxGraph(ModelProto model)
    {
        var weights = model.Graph.Initializer.ToDictionary(
            tensor => tensor.Name,
            tensor => tensor.Dims.Aggregate(1L, (product, size) => product * size),
            StringComparer.Ordinal);
        Name = model.Graph.Name;
        Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim();
        Opset = model.OpsetImport.FirstOrDefault()?.Version ?? 0;
        Nodes = [.. model.Graph.Node.Select(node => new OnnxNode(
            node.OpType,
            [.. node.Input],
            node.Output.FirstOrDefault() ?? "",
            node.Input.Sum(input => weights.GetValueOrDefault(input))))];
    }

    /// <summary>Gets the name of the graph.</summary>
    public string Name { get; }

    /// <summary>Gets the name and version of the program that wrote the model.</summary>
    public string Producer { get; }

    /// <summary>Gets the version of the operator set that the model uses.</summary>
    public long Opset { get; }

    /// <summary>Gets the nodes, in the order of computation.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; }

    /// <summary>Reads the graph of a model.</summary>
    /// <param name="onnx">The bytes of a <c>.onnx</c> file.</param>
    /// <exception cref="InvalidDataException">The bytes are not a valid ONNX model.</exception>
    public static OnnxGraph Read(byte[] onnx)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        try
        {
            var model = ModelProto.Parser.ParseFrom(onnx);
            return model.Graph is not null
                ? new OnnxGraph(model)
                : throw new InvalidDataException($"These {onnx.Length} bytes are not an ONNX model: they contain no graph.");
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"These {onnx.Length} bytes are not an ONNX model: {error.Message}", error);
        }
    }
}
