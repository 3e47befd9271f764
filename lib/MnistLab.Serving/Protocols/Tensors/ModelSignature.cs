namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>The names of the model's tensors in the tensor protocols.</summary>
internal static class ModelSignature
{
    /// <summary>float32 [N, 1, 28, 28]: pixels from 0 (background) to 1 (ink).</summary>
    public const string Input = "images";

    /// <summary>float32 [N, 10]: what the network gave out.</summary>
    public const string Logits = "logits";

    /// <summary>float32 [N, 10]: their softmax.</summary>
    public const string Probabilities = "probabilities";

    /// <summary>int64 [N]: the most probable digit.</summary>
    public const string Label = "label";

    /// <summary>All outputs, in the order of answers that do not choose.</summary>
    public static IReadOnlyList<string> Outputs { get; } = [Label, Probabilities, Logits];
}
