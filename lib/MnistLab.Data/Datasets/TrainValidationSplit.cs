namespace MnistLab.Data.Datasets;

/// <summary>The part of the training digits that a model learns from, and the part that tells during training how well it does on digits it has not seen.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Validation">To choose by: when to stop, which settings are better.</param>
public sealed record TrainValidationSplit(DigitSet Train, DigitSet Validation)
{
    private const int MnistTrainCount = 60_000;
    private const int MnistValidationCount = 5_000;
    private const int ValidationShare = 10;

    /// <summary>
    /// Splits a training set, always in the same way: of MNIST's 60,000 images, the last 5,000 are for validation;
    /// of any other set, every tenth image of each digit, so that each digit has its share.
    /// </summary>
    /// <param name="train">The training set. The test set is never split.</param>
    public static TrainValidationSplit Split(DigitSet train)
    {
        ArgumentNullException.ThrowIfNull(train);
        return Split(train, train.Count == MnistTrainCount ? index => index >= MnistTrainCount - MnistValidationCount : EveryTenthOfADigit(train));
    }

    private static TrainValidationSplit Split(DigitSet set, Func<int, bool> isValidation)
    {
        var parts = Enumerable.Range(0, set.Count).ToLookup(isValidation);
        return new TrainValidationSplit(set.Subset([.. parts[false]]), set.Subset([.. parts[true]]));
    }

    private static Func<int, bool> EveryTenthOfADigit(DigitSet set)
    {
        var seen = new int[DigitSet.ClassCount];
        var isValidation = new bool[set.Count];
        for (var i = 0; i < set.Count; i++) isValidation[i] = ++seen[set.Label(i)] % ValidationShare == 0;
        return index => isValidation[index];
    }
}
