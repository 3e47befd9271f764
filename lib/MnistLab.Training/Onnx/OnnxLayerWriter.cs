using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using static TorchSharp.torch;

namespace MnistLab.Training.Onnx;

/// <summary>
/// Writes one layer of a network into an ONNX graph: its nodes and its weights. Their names begin with the layer's, so they are unique.
/// </summary>
public sealed class OnnxLayerWriter
{
    private readonly GraphProto _graph;
    private readonly OnnxLayers _layers;

    internal OnnxLayerWriter(GraphProto graph, OnnxLayers layers, string name, string input) => (_graph, _layers, Name, Input) = (graph, layers, name, input);

    /// <summary>Gets the layer's name as the network has it; a layer within another has both names, such as <c>block.conv</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the name of the value that the layer computes with.</summary>
    public string Input { get; }

    /// <summary>Adds the operation that computes the layer's output from its input and the given weights.</summary>
    /// <param name="operation">The name of an ONNX operator of opset 17 (https://onnx.ai/onnx/operators/).</param>
    /// <param name="weights">The names of its further inputs, such as those that <see cref="Weight"/> returns.</param>
    /// <param name="attributes">The operator's attributes.</param>
    /// <returns>The name of its output.</returns>
    public string Node(string operation, IEnumerable<string>? weights = null, params ReadOnlySpan<OnnxAttribute> attributes) =>
        Node(operation, [Input, .. weights ?? []], Unused(Name.Length == 0 ? operation : Name), attributes);

    /// <summary>Adds an operation.</summary>
    /// <param name="operation">The name of an ONNX operator of opset 17 (https://onnx.ai/onnx/operators/).</param>
    /// <param name="inputs">The names of all its inputs.</param>
    /// <param name="output">The name of its output, unique in the graph: <see cref="Name"/>, or a name that begins with it.</param>
    /// <param name="attributes">The operator's attributes.</param>
    /// <returns>The name of its output.</returns>
    public string Node(string operation, IEnumerable<string> inputs, string output, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        ArgumentException.ThrowIfNullOrEmpty(operation);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentException.ThrowIfNullOrEmpty(output);
        var node = new NodeProto { Name = $"{operation}:{output}", OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var attribute in attributes) node.Attribute.Add(attribute.ToProto());
        _graph.Node.Add(node);
        return output;
    }

    /// <summary>Adds weights to the model.</summary>
    /// <param name="part">Their name within the layer, such as <c>weight</c>.</param>
    /// <param name="values">The weights, of any shape.</param>
    /// <returns>The name under which an operation takes them.</returns>
    public string Weight(string part, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        var floats = values.detach().to_type(ScalarType.Float32).cpu().contiguous();
        return Initializer(part, floats.shape, floats.data<float>().ToArray());
    }

    /// <summary>Adds a number to the model.</summary>
    /// <param name="part">Its name within the layer.</param>
    /// <param name="value">The number.</param>
    /// <returns>The name under which an operation takes it.</returns>
    public string Constant(string part, float value) => Initializer(part, [], [value]);

    /// <summary>Adds a layer within this one.</summary>
    /// <param name="part">The layer's name within this one.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The name of the value that it computes with.</param>
    /// <returns>The name of its output.</returns>
    /// <exception cref="NotSupportedException">The layer cannot be exported; the message names it.</exception>
    public string Layer(string part, nn.Module layer, string input) =>
        _layers.Write(layer, new OnnxLayerWriter(_graph, _layers, Within(part), input));

    private string Within(string part) => Name.Length == 0 ? part : $"{Name}.{part}";

    // A layer may have several operations.
    private string Unused(string name)
    {
        var found = name;
        for (var number = 2; _graph.Node.Any(node => node.Output.Contains(found)); number++) found = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
        return found;
    }

    private string Initializer(string part, long[] shape, float[] values)
    {
        // Raw data is little-endian by definition, as is every machine that .NET runs on today.
        var tensor = new TensorProto { Name = Within(part), DataType = (int)TensorProto.Types.DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Dims.AddRange(shape);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }
}
