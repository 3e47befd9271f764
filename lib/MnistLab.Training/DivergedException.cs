using System.Globalization;

namespace MnistLab.Training;

/// <summary>The loss of a step is no number any more: training cannot go on from it.</summary>
/// <param name="step">The step, from 1.</param>
/// <param name="loss">Its loss: NaN or an infinity.</param>
/// <param name="learningRate">Its learning rate.</param>
/// <param name="samples">Which samples of the training set its batch had, by their positions in it.</param>
public sealed class DivergedException(long step, double loss, double learningRate, IReadOnlyList<long> samples) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"The loss of step {step} is {loss}: training has diverged. The learning rate was {learningRate:G4}; the batch had the samples {string.Join(", ", samples.Take(8))}{(samples.Count > 8 ? $" and {samples.Count - 8} more" : "")}. Try a lower learning rate, such as {learningRate / 10:G2}."))
{
    /// <summary>The step, from 1.</summary>
    public long Step => step;

    /// <summary>Its learning rate.</summary>
    public double LearningRate => learningRate;

    /// <summary>Which samples of the training set its batch had, by their positions in it.</summary>
    public IReadOnlyList<long> Samples => samples;
}
