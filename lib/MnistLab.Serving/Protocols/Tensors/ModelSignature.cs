namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>Names the model's tensors in the tensor protocols.</summary>
internal static class ModelSignature
{
    /// <summary>float32 [N, 1, 28, 28]: pixels from 0 (background) to 1 (ink).</summary>
    public const string Input = "images";

    /// <summary>float32 [N, labels]: the network's output.</summary>
    public const string Logits = "logits";

    /// <summary>float32 [N, labels]: the softmax of the logits.</summary>
    public const string Probabilities = "probabilities";

    /// <summary>int64 [N]: the position of the most probable label.</summary>
    public const string Label = "label";

    /// <summary>Gets all outputs, in the order in which they are returned if the request does not select any.</summary>
    public static IReadOnlyList<string> Outputs { get; } = [Label, Probabilities, Logits];
}
