namespace MnistLab.Models;

/// <summary>Converts logits to probabilities: exp(zᵢ) / Σ exp(zⱼ).</summary>
public static class Softmax
{
    /// <summary>Computes the probabilities of logits.</summary>
    /// <param name="logits">The logits: finite numbers, at least one.</param>
    /// <param name="probabilities">Receives the probabilities; as long as <paramref name="logits"/>.</param>
    public static void Compute(ReadOnlySpan<float> logits, Span<double> probabilities)
    {
        double largest = float.NegativeInfinity;
        foreach (var logit in logits) largest = Math.Max(largest, logit);
        // Subtracting the largest logit does not change the probabilities and prevents exp from overflowing.
        double sum = 0;
        for (var i = 0; i < logits.Length; i++) sum += probabilities[i] = Math.Exp(logits[i] - largest);
        for (var i = 0; i < logits.Length; i++) probabilities[i] /= sum;
    }
}
