using System.Runtime.InteropServices;
using Google.Protobuf;
using MnistLab.Training.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>Adds one layer to a graph, as the ONNX operator that computes the same (https://onnx.ai/onnx/operators/).</summary>
internal sealed class OnnxLayer(GraphProto graph, string name)
{
    /// <summary>Adds the layer's nodes and weights.</summary>
    /// <returns>The name of its output.</returns>
    public string Add(nn.Module layer, string input) => layer switch
    {
        NormalizePixels => Normalize(input),
        Flatten { start_dim: 1, end_dim: -1 } => Node("Flatten", [input], Int("axis", 1)),
        ReLU => Node("Relu", [input]),
        Dropout => Node("Identity", [input]),
        Linear linear => Node("Gemm", [input, Weight("weight", linear.weight!), Weight("bias", BiasOf(linear))], Int("transB", 1)),
        Conv2d { groups: 1, transposed: false, padding_type: null } convolution => Convolution(convolution, input),
        BatchNorm2d { affine: true, track_running_stats: true } norm => Normalization(norm, input),
        MaxPool2d { ceil_mode: false } pool => Node("MaxPool", [input],
            Ints("kernel_shape", Pair(pool.kernel_size)), Ints("strides", Pair(pool.stride)), Ints("pads", BothSides(pool.padding)), Ints("dilations", Pair(pool.dilation))),
        _ => throw new NotSupportedException($"The layer '{name}' ({layer.GetName()}) cannot be exported to ONNX: there is no counterpart for this kind of layer, or for its options. Use the layers that DigitModels uses."),
    };

    private string Normalize(string input)
    {
        var centred = NodeTo($"{name}.centred", "Sub", [input, Constant("mean", (float)NormalizePixels.MnistMean)]);
        return Node("Div", [centred, Constant("deviation", (float)NormalizePixels.MnistStandardDeviation)]);
    }

    private string Convolution(Conv2d layer, string input)
    {
        List<string> inputs = [input, Weight("weight", layer.weight!)];
        if (layer.bias is { } bias) inputs.Add(Weight("bias", bias));
        return Node("Conv", inputs,
            Ints("kernel_shape", Pair(layer.kernel_size)), Ints("strides", Pair(layer.stride)), Ints("pads", BothSides(layer.padding!)), Ints("dilations", Pair(layer.dilation)));
    }

    private string Normalization(BatchNorm2d layer, string input) => Node("BatchNormalization",
        [input, Weight("weight", layer.weight!), Weight("bias", layer.bias!), Weight("mean", layer.running_mean!), Weight("variance", layer.running_var!)],
        new AttributeProto { Name = "epsilon", F = (float)layer.eps, Type = AttributeProto.Types.AttributeType.Float });

    private string Node(string operation, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes) => NodeTo(name, operation, inputs, attributes);

    private string NodeTo(string output, string operation, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { Name = $"{operation}:{output}", OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var attribute in attributes) node.Attribute.Add(attribute);
        graph.Node.Add(node);
        return output;
    }

    private string Weight(string part, Tensor values)
    {
        using var scope = NewDisposeScope();
        var floats = values.detach().to_type(ScalarType.Float32).cpu().contiguous();
        return Initializer(part, floats.shape, floats.data<float>().ToArray());
    }

    private string Constant(string part, float value) => Initializer(part, [], [value]);

    private string Initializer(string part, long[] shape, float[] values)
    {
        // Raw data is little-endian by definition, as is every machine that .NET runs on today.
        var tensor = new TensorProto { Name = $"{name}.{part}", DataType = (int)TensorProto.Types.DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Dims.AddRange(shape);
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private Tensor BiasOf(Linear layer) => layer.bias ?? throw new NotSupportedException($"The layer '{name}' has no bias; the export needs one.");

    private static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    private static AttributeProto Ints(string name, IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    private static long[] Pair(long[] sizes) => sizes.Length == 1 ? [sizes[0], sizes[0]] : sizes;

    /// <summary>ONNX wants the padding of each axis' begin, then of each axis' end.</summary>
    private static long[] BothSides(long[] padding) => [.. Pair(padding), .. Pair(padding)];
}
