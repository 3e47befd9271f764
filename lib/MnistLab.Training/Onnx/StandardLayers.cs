using MnistLab.Training.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Onnx;

/// <summary>Exports TorchSharp's layers as the equivalent ONNX operators (https://onnx.ai/onnx/operators/).</summary>
internal static class StandardLayers
{
    public static OnnxLayers AddTo(OnnxLayers layers) => layers
        .With<Sequential>((chain, writer) => Chain(chain, writer))
        .With<NormalizePixels>((layer, writer) => Normalize(layer, writer))
        .With<Flatten>((layer, writer) =>
            layer is { start_dim: 1, end_dim: -1 } ? writer.Node("Flatten", null, OnnxAttribute.Int("axis", 1)) : null)
        .With<Identity>((_, writer) => writer.Node("Identity"))
        .With<Dropout>((_, writer) => writer.Node("Identity"))
        .With<Dropout2d>((_, writer) => writer.Node("Identity"))
        .With<ReLU>((_, writer) => writer.Node("Relu"))
        .With<Tanh>((_, writer) => writer.Node("Tanh"))
        .With<Sigmoid>((_, writer) => writer.Node("Sigmoid"))
        .With<Linear>((layer, writer) => Affine(layer, writer))
        .With<Conv2d>(Convolution)
        .With<BatchNorm1d>((layer, writer) => layer is { affine: true, track_running_stats: true }
            ? Normalization(writer, layer.weight, layer.bias, layer.running_mean, layer.running_var, layer.eps)
            : null)
        .With<BatchNorm2d>((layer, writer) => layer is { affine: true, track_running_stats: true }
            ? Normalization(writer, layer.weight, layer.bias, layer.running_mean, layer.running_var, layer.eps)
            : null)
        .With<MaxPool2d>((layer, writer) => layer is { ceil_mode: false }
            ? writer.Node("MaxPool", null, Window(layer.kernel_size, layer.stride, layer.padding, layer.dilation))
            : null)
        .With<AvgPool2d>((layer, writer) => layer is { ceil_mode: false, divisor_override: null }
            ? writer.Node("AveragePool", null,
            [
                .. Window(layer.kernel_size, layer.stride ?? layer.kernel_size, layer.padding ?? [0], null),
                OnnxAttribute.Int("count_include_pad", layer.count_include_pad ? 1 : 0),
            ])
            : null);

    private static string Chain(Sequential chain, OnnxLayerWriter writer)
    {
        var current = writer.Input;
        foreach (var (name, layer) in chain.named_children()) current = writer.Layer(name, layer, current);
        return current;
    }

    private static string Normalize(NormalizePixels layer, OnnxLayerWriter writer)
    {
        var centered = writer.Node(
            "Sub",
            [writer.Input, writer.Constant("mean", (float)layer.Mean)],
            $"{writer.Name}.centered");
        var deviation = writer.Constant("deviation", (float)layer.StandardDeviation);
        return writer.Node("Div", [centered, deviation], writer.Name);
    }

    private static string Affine(Linear layer, OnnxLayerWriter writer)
    {
        List<string> weights = [writer.Weight("weight", layer.weight!)];
        if (layer.bias is { } bias) weights.Add(writer.Weight("bias", bias));
        return writer.Node("Gemm", weights, OnnxAttribute.Int("transB", 1));
    }

    private static string? Convolution(Conv2d layer, OnnxLayerWriter writer)
    {
        if (layer is not { transposed: false, padding_type: null, padding_mode: PaddingModes.Zeros }) return null;
        List<string> weights = [writer.Weight("weight", layer.weight!)];
        if (layer.bias is { } bias) weights.Add(writer.Weight("bias", bias));
        return writer.Node("Conv", weights, [.. Window(layer.kernel_size, layer.stride, layer.padding!, layer.dilation),
            OnnxAttribute.Int("group", layer.groups)]);
    }

    private static string Normalization(
        OnnxLayerWriter writer,
        Tensor? weight,
        Tensor? bias,
        Tensor? mean,
        Tensor? variance,
        double epsilon) => writer.Node(
        "BatchNormalization",
        [writer.Weight("weight", weight!),
            writer.Weight("bias", bias!),
            writer.Weight("mean", mean!),
            writer.Weight("variance", variance!)],
        OnnxAttribute.Float("epsilon", epsilon));

    private static OnnxAttribute[] Window(long[] size, long[] stride, long[] padding, long[]? dilation)
    {
        List<OnnxAttribute> window = [OnnxAttribute.Ints("kernel_shape", Pair(size)), OnnxAttribute.Ints("strides", Pair(stride))];
        // The padding at the start of each axis, followed by the padding at the end of each axis.
        window.Add(OnnxAttribute.Ints("pads", [.. Pair(padding), .. Pair(padding)]));
        if (dilation is not null) window.Add(OnnxAttribute.Ints("dilations", Pair(dilation)));
        return [.. window];
    }

    private static long[] Pair(long[] sizes) => sizes.Length == 1 ? [sizes[0], sizes[0]] : sizes;
}
