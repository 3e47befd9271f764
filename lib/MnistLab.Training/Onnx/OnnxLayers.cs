using static TorchSharp.torch;

namespace MnistLab.Training.Onnx;

/// <summary>
/// The kinds of layers that can be exported to ONNX, each with the function that writes it. Immutable:
/// <see cref="With{TLayer}"/> returns a copy that knows one kind more.
/// </summary>
public sealed class OnnxLayers
{
    private readonly IReadOnlyDictionary<Type, Func<nn.Module, OnnxLayerWriter, string?>> _writers;

    private OnnxLayers(IReadOnlyDictionary<Type, Func<nn.Module, OnnxLayerWriter, string?>> writers) => _writers = writers;

    /// <summary>Gets the kinds of layers that the library exports.</summary>
    public static OnnxLayers Default { get; } = StandardLayers.AddTo(new OnnxLayers(new Dictionary<Type, Func<nn.Module, OnnxLayerWriter, string?>>()));

    /// <summary>Gets the names of the kinds of layers, in alphabetical order.</summary>
    public IReadOnlyList<string> Names => [.. _writers.Keys.Select(type => type.Name).Order(StringComparer.Ordinal)];

    /// <summary>Returns a copy that exports one more kind of layer, or exports it in another way.</summary>
    /// <typeparam name="TLayer">The layer's class, or a base class of it. The nearest class in the inheritance chain decides.</typeparam>
    /// <param name="write">
    /// Writes a layer and returns the name of its output; null if the layer's options have no counterpart in ONNX.
    /// A network of your own class is a layer, too: write its layers with <see cref="OnnxLayerWriter.Layer"/>, in the order of its <c>forward</c>.
    /// </param>
    public OnnxLayers With<TLayer>(Func<TLayer, OnnxLayerWriter, string?> write)
        where TLayer : nn.Module
    {
        ArgumentNullException.ThrowIfNull(write);
        return new(new Dictionary<Type, Func<nn.Module, OnnxLayerWriter, string?>>(_writers) { [typeof(TLayer)] = (layer, writer) => write((TLayer)layer, writer) });
    }

    internal string Write(nn.Module layer, OnnxLayerWriter writer)
    {
        var type = layer.GetType();
        for (var known = type; known is not null; known = known.BaseType)
        {
            if (!_writers.TryGetValue(known, out var write)) continue;
            return write(layer, writer) ?? throw Unsupported(layer, writer, "with these options, which ONNX or this exporter does not have");
        }

        throw Unsupported(layer, writer, "as nothing tells what its forward() computes");
    }

    private NotSupportedException Unsupported(nn.Module layer, OnnxLayerWriter writer, string reason)
    {
        var name = writer.Name.Length == 0 ? "The network" : $"The layer '{writer.Name}'";
        var kind = layer.GetType().Name;
        return new NotSupportedException(
            $"{name} ({kind}) cannot be exported to ONNX {reason}. These can be exported: {string.Join(", ", Names)}. " +
            $"Use one of them, or say how it is written: OnnxLayers.Default.With<{kind}>((layer, writer) => writer.Node(\"…\")).");
    }
}
