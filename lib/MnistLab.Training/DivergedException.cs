using System.Globalization;

namespace MnistLab.Training;

/// <summary>
/// The exception that is thrown when the loss of a training step becomes NaN or infinite, so that training cannot
/// continue.
/// </summary>
/// <param name="step">The step, from 1.</param>
/// <param name="loss">The loss of the step: NaN or infinite.</param>
/// <param name="learningRate">The learning rate of the step.</param>
/// <param name="samples">The indices, in the training set, of the samples in the batch of the step.</param>
public sealed class DivergedException(long step, double loss, double learningRate, IReadOnlyList<long> samples) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"The loss of step {step} is {loss}: training has diverged. The learning rate was {learningRate:G4}; the batch contained the samples {string.Join(", ", samples.Take(8))}{(samples.Count > 8 ? $" and {samples.Count - 8} more" : "")}. Try a lower learning rate, such as {Lower(learningRate)}."))
{
    /// <summary>Gets the step, from 1.</summary>
    public long Step => step;

    /// <summary>Gets the learning rate of the step.</summary>
    public double LearningRate => learningRate;

    /// <summary>Gets the indices, in the training set, of the samples in the batch of the step.</summary>
    public IReadOnlyList<long> Samples => samples;

    // G2 of 100 is "1E+02".
    private static string Lower(double learningRate) =>
        (learningRate / 10).ToString(learningRate is >= 100 and < 1e6 ? "F0" : "G2", CultureInfo.InvariantCulture);
}
