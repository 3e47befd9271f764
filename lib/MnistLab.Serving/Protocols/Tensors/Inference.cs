using MnistLab.Models;

namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>What the model says of pictures, for the tensor protocols: they skip the inference code's last step, which shapes an answer for people.</summary>
internal sealed class Inference
{
    private Inference(float[][] logits) => Logits = logits;

    /// <summary>For each picture what the model gave out, a number a label.</summary>
    public float[][] Logits { get; }

    /// <summary>Runs the inference code on pictures, each 784 pixels.</summary>
    public static Inference Compute(CustomService service, IReadOnlyList<float[]> pictures)
    {
        var logits = new float[pictures.Count][];
        for (var i = 0; i < logits.Length; i++) logits[i] = service.Inference(pictures[i]);
        return Checked(logits);
    }

    /// <summary>Runs the inference code on pictures that lie behind each other, 784 pixels each.</summary>
    public static Inference Compute(CustomService service, ReadOnlySpan<float> pixels)
    {
        var logits = new float[pixels.Length / DigitModel.PixelCount][];
        for (var i = 0; i < logits.Length; i++) logits[i] = service.InferenceOf(pixels.Slice(i * DigitModel.PixelCount, DigitModel.PixelCount));
        return Checked(logits);
    }

    /// <summary>The most probable label of a picture.</summary>
    public int Label(int picture) => Array.IndexOf(Logits[picture], Logits[picture].Max());

    /// <summary>The probabilities of a picture's labels.</summary>
    public float[] Probabilities(int picture)
    {
        var logits = Logits[picture];
        double largest = logits.Max();
        var exponentials = Array.ConvertAll(logits, logit => Math.Exp(logit - largest));
        var sum = exponentials.Sum();
        return Array.ConvertAll(exponentials, exponential => (float)(exponential / sum));
    }

    /// <summary>The numbers of an output, <see cref="ModelSignature.Logits"/> or <see cref="ModelSignature.Probabilities"/>, for a picture.</summary>
    public float[] Row(string output, int picture) => output == ModelSignature.Logits ? Logits[picture] : Probabilities(picture);

    private static Inference Checked(float[][] logits)
    {
        foreach (var row in logits)
        {
            if (row is not { Length: > 0 } || row.Length != logits[0].Length || !Array.TrueForAll(row, float.IsFinite))
                throw new InvalidOperationException("The inference code gave out something that is no list of finite numbers, one a label.");
        }

        return new Inference(logits);
    }
}
