using MnistLab.Models;

namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>
/// Represents the model's outputs for a batch of images in the tensor protocols, which skip the inference code's
/// postprocessing.
/// </summary>
internal sealed class Inference
{
    private Inference(float[][] logits) => Logits = logits;

    /// <summary>Gets the logits of each image, one per label.</summary>
    public float[][] Logits { get; }

    /// <summary>Runs the inference code on images of 784 pixels each.</summary>
    public static Inference Compute(CustomService service, IReadOnlyList<float[]> pictures)
    {
        var logits = new float[pictures.Count][];
        for (var i = 0; i < logits.Length; i++) logits[i] = service.Inference(pictures[i]);
        return Checked(logits);
    }

    /// <summary>Runs the inference code on contiguous images of 784 pixels each.</summary>
    public static Inference Compute(CustomService service, ReadOnlySpan<float> pixels)
    {
        var logits = new float[pixels.Length / DigitModel.PixelCount][];
        for (var i = 0; i < logits.Length; i++)
            logits[i] = service.InferenceOf(pixels.Slice(i * DigitModel.PixelCount, DigitModel.PixelCount));
        return Checked(logits);
    }

    /// <summary>Returns the most probable label of an image.</summary>
    public int Label(int picture) => Array.IndexOf(Logits[picture], Logits[picture].Max());

    /// <summary>Returns the probabilities of an image's labels: the softmax of the logits.</summary>
    public float[] Probabilities(int picture)
    {
        var probabilities = new double[Logits[picture].Length];
        Softmax.Compute(Logits[picture], probabilities);
        return Array.ConvertAll(probabilities, probability => (float)probability);
    }

    /// <summary>
    /// Returns one image's values of an output, <see cref="ModelSignature.Logits"/> or
    /// <see cref="ModelSignature.Probabilities"/>.
    /// </summary>
    public float[] Row(string output, int picture) => output == ModelSignature.Logits ? Logits[picture] : Probabilities(picture);

    private static Inference Checked(float[][] logits)
    {
        foreach (var row in logits)
        {
            if (row is not { Length: > 0 } || row.Length != logits[0].Length || !Array.TrueForAll(row, float.IsFinite))
                throw new InvalidOperationException("The inference code did not return a list of finite numbers, one for each label.");
        }

        return new Inference(logits);
    }
}
