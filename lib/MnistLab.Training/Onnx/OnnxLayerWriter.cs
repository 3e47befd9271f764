using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using static TorchSharp.torch;

namespace MnistLab.Training.Onnx;

/// <summary>
/// Writes a layer of a network to an ONNX graph: its nodes and weights. Their names start with the name of the layer,
/// so they are unique.
/// </summary>
public sealed class OnnxLayerWriter
{
    private readonly GraphProto _graph;
    private readonly OnnxLayers _layers;

    internal OnnxLayerWriter(GraphProto graph, OnnxLayers layers, string name, string input) =>
        (_graph, _layers, Name, Input) = (graph, layers, name, input);

    /// <summary>
    /// Gets the name of the layer in the network; the name of a nested layer includes that of its parent, such as
    /// <c>block.conv</c>.
    /// </summary>
    public string Name { get; }

    /// <summary>Gets the name of the layer's input value.</summary>
    public string Input { get; }

    /// <summary>Adds a node that computes the layer's output from its input and the specified weights.</summary>
    /// <param name="operation">The name of an ONNX operator of opset 17 (https://onnx.ai/onnx/operators/).</param>
    /// <param name="weights">The names of further inputs, such as those that <see cref="Weight"/> returns.</param>
    /// <param name="attributes">The operator's attributes.</param>
    /// <returns>The name of the output.</returns>
    public string Node(string operation, IEnumerable<string>? weights = null, params ReadOnlySpan<OnnxAttribute> attributes) =>
        Node(operation, [Input, .. weights ?? []], Unused(Name.Length == 0 ? operation : Name), attributes);

    /// <summary>Adds a node to the graph.</summary>
    /// <param name="operation">The name of an ONNX operator of opset 17 (https://onnx.ai/onnx/operators/).</param>
    /// <param name="inputs">The names of all inputs of the node.</param>
    /// <param name="output">
    /// The name of the output, unique in the graph: <see cref="Name"/>, or a name that starts with it.
    /// </param>
    /// <param name="attributes">The operator's attributes.</param>
    /// <returns>The name of the output.</returns>
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
    /// <param name="part">The name of the weights within the layer, such as <c>weight</c>.</param>
    /// <param name="values">The weights, of any shape.</param>
    /// <returns>The name by which nodes refer to the weights.</returns>
    public string Weight(string part, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        var floats = values.detach().to_type(ScalarType.Float32).cpu().contiguous();
        return Initializer(part, floats.shape, floats.data<float>().ToArray());
    }

    /// <summary>Adds a constant to the model.</summary>
    /// <param name="part">The name of the constant within the layer.</param>
    /// <param name="value">The value of the constant.</param>
    /// <returns>The name by which nodes refer to the constant.</returns>
    public string Constant(string part, float value) => Initializer(part, [], [value]);

    /// <summary>Adds a nested layer.</summary>
    /// <param name="part">The name of the nested layer within this layer.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The name of the nested layer's input value.</param>
    /// <returns>The name of the output.</returns>
    /// <exception cref="NotSupportedException">The layer cannot be exported; the message names it.</exception>
    public string Layer(string part, nn.Module layer, string input) =>
        _layers.Write(layer, new OnnxLayerWriter(_graph, _layers, Within(part), input));

    private string Within(string part) => Name.Length == 0 ? part : $"{Name}.{part}";

    // A layer may consist of several nodes.
    private string Unused(string name)
    {
        var found = name;
        for (var number = 2; _graph.Node.Any(node => node.Output.Contains(found)); number++)
            found = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
        return found;
    }

    private string Initializer(string part, long[] shape, float[] values)
    {
        // RawData is little-endian by definition, as is the memory of the machines that this library supports.
        var tensor = new TensorProto
        {
            Name = Within(part),
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()))
        };
        tensor.Dims.AddRange(shape);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }
}
