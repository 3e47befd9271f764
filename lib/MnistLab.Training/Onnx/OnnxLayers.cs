using static TorchSharp.torch;

namespace MnistLab.Training.Onnx;

/// <summary>
/// Represents the layer types that can be exported to ONNX, each with the function that writes it. Immutable:
/// <see cref="With{TLayer}"/> returns a copy with one more layer type.
/// </summary>
public sealed class OnnxLayers
{
    private readonly IReadOnlyDictionary<Type, Func<nn.Module, OnnxLayerWriter, string?>> _writers;

    private OnnxLayers(IReadOnlyDictionary<Type, Func<nn.Module, OnnxLayerWriter, string?>> writers) => _writers = writers;

    /// <summary>Gets the layer types that the library can export.</summary>
    public static OnnxLayers Default { get; } = StandardLayers.AddTo(
        new OnnxLayers(new Dictionary<Type, Func<nn.Module, OnnxLayerWriter, string?>>()));

    /// <summary>Gets the names of the layer types, in alphabetical order.</summary>
    public IReadOnlyList<string> Names => [.. _writers.Keys.Select(type => type.Name).Order(StringComparer.Ordinal)];

    /// <summary>Returns a copy with a layer type added, or with another export function for it.</summary>
    /// <typeparam name="TLayer">
    /// The class of the layer, or a base class of it. The nearest class in the inheritance chain applies.
    /// </typeparam>
    /// <param name="write">
    /// Writes a layer and returns the name of its output; null if the layer's options have no counterpart in ONNX. A
    /// custom network class also counts as a layer: write its layers with <see cref="OnnxLayerWriter.Layer"/>, in the
    /// order in which its <c>forward</c> method calls them.
    /// </param>
    public OnnxLayers With<TLayer>(Func<TLayer, OnnxLayerWriter, string?> write)
        where TLayer : nn.Module
    {
        ArgumentNullException.ThrowIfNull(write);
        return new(new Dictionary<Type, Func<nn.Module, OnnxLayerWriter, string?>>(_writers)
        {
            [typeof(TLayer)] = (layer, writer) => write((TLayer)layer, writer)
        });
    }

    internal string Write(nn.Module layer, OnnxLayerWriter writer)
    {
        var type = layer.GetType();
        for (var known = type; known is not null; known = known.BaseType)
        {
            if (!_writers.TryGetValue(known, out var write)) continue;
            return write(layer, writer)
                ?? throw Unsupported(layer, writer, "with these options, which ONNX or this exporter does not support");
        }

        throw Unsupported(layer, writer, "because the operations of its forward() are unknown");
    }

    private NotSupportedException Unsupported(nn.Module layer, OnnxLayerWriter writer, string reason)
    {
        var name = writer.Name.Length == 0 ? "The network" : $"The layer '{writer.Name}'";
        var kind = layer.GetType().Name;
        return new NotSupportedException(
            $"{name} ({kind}) cannot be exported to ONNX {reason}. These can be exported: {string.Join(", ", Names)}. " +
            $"Use one of them, or register a writer for it: OnnxLayers.Default.With<{kind}>((layer, writer) => writer.Node(\"…\")).");
    }
}
