namespace MnistLab.Training.Inputs;

/// <summary>Represents the slice of a batch that one worker computes.</summary>
/// <param name="First">The index of the first sample in the batch.</param>
/// <param name="Count">The number of samples in the slice.</param>
/// <param name="Total">The number of samples in the whole batch, across all workers.</param>
internal readonly record struct BatchShare(int First, int Count, int Total)
{
    /// <summary>Gets the fraction of the batch, in [0, 1]: its weight in the mean over the batch.</summary>
    public double Fraction => (double)Count / Total;

    /// <summary>
    /// Divides a batch among workers as evenly as possible: the first workers take the remaining samples.
    /// </summary>
    /// <param name="total">The number of samples in the batch.</param>
    /// <param name="index">The index of the worker.</param>
    /// <param name="workers">The number of workers.</param>
    public static BatchShare Divide(int total, int index, int workers)
    {
        var (each, rest) = Math.DivRem(total, workers);
        return new BatchShare((index * each) + Math.Min(index, rest), each + (index < rest ? 1 : 0), total);
    }
}
