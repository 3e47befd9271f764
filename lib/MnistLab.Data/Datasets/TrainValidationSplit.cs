namespace MnistLab.Data.Datasets;

/// <summary>Represents a training set that is split into a part to train on and a part for validation.</summary>
/// <param name="Train">The digits to train on.</param>
/// <param name="Validation">
/// The digits to evaluate on during training, for decisions such as when to stop and which settings are better.
/// </param>
public sealed record TrainValidationSplit(ImageDataset Train, ImageDataset Validation)
{
    private const int MnistTrainCount = 60_000;
    private const int MnistValidationCount = 5_000;
    private const int ValidationShare = 10;

    /// <summary>
    /// Splits a training set, deterministically: the last 5,000 of MNIST's 60,000 images are for validation; in any
    /// other set, every tenth image of each digit, so that each digit is represented in proportion.
    /// </summary>
    /// <param name="train">The training set. The test set is never split.</param>
    public static TrainValidationSplit Split(ImageDataset train)
    {
        ArgumentNullException.ThrowIfNull(train);
        return Split(train, train.Count == MnistTrainCount
            ? index => index >= MnistTrainCount - MnistValidationCount
            : EveryTenthOfADigit(train));
    }

    private static TrainValidationSplit Split(ImageDataset set, Func<int, bool> isValidation)
    {
        var parts = Enumerable.Range(0, set.Count).ToLookup(isValidation);
        return new TrainValidationSplit(set.Subset([.. parts[false]]), set.Subset([.. parts[true]]));
    }

    private static Func<int, bool> EveryTenthOfADigit(ImageDataset set)
    {
        var seen = new int[set.Kind.Classes];
        var isValidation = new bool[set.Count];
        for (var i = 0; i < set.Count; i++) isValidation[i] = ++seen[set.Label(i)] % ValidationShare == 0;
        return index => isValidation[index];
    }
}
