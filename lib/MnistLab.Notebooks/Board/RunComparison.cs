using MnistLab.Training.Results;

namespace MnistLab.Notebooks.Board;

/// <summary>
/// Compares the predictions of two runs on the same images. Only the images that exactly one of the runs gets right
/// indicate which run is better (Q. McNemar, "Note on the sampling error of the difference between correlated
/// proportions", 1947).
/// </summary>
public sealed class RunComparison
{
    /// <summary>The significance level: the probability of a chance result below which a difference is clear.</summary>
    public const double Significance = 0.05;

    private RunComparison(IReadOnlyList<int> newlyRight, IReadOnlyList<int> newlyWrong, int count) =>
        (NewlyRight, NewlyWrong, Count) = (newlyRight, newlyWrong, count);

    /// <summary>Gets the indices of the images that only the new run gets right.</summary>
    public IReadOnlyList<int> NewlyRight { get; }

    /// <summary>Gets the indices of the images that only the old run gets right.</summary>
    public IReadOnlyList<int> NewlyWrong { get; }

    /// <summary>Gets the number of images.</summary>
    public int Count { get; }

    /// <summary>Gets the new accuracy minus the old one, in [−1, 1].</summary>
    public double Difference => (double)(NewlyRight.Count - NewlyWrong.Count) / Count;

    /// <summary>Gets the standard error of <see cref="Difference"/>.</summary>
    public double StandardError =>
        Math.Sqrt(Math.Max(0, NewlyRight.Count + NewlyWrong.Count - (Count * Difference * Difference))) / Count;

    /// <summary>
    /// Gets the p-value, in [0, 1]: the probability that two equally good runs differ at least this much by chance, by
    /// the two-sided exact sign test on the images on which the runs disagree.
    /// </summary>
    public double Probability
    {
        get
        {
            var (smaller, all) = (Math.Min(NewlyRight.Count, NewlyWrong.Count), NewlyRight.Count + NewlyWrong.Count);
            // The binomial distribution with p = 1/2, in logarithms: thousands of images would underflow.
            var term = -all * Math.Log(2);
            var sum = 0.0;
            for (var k = 0; k <= smaller; k++)
            {
                sum += Math.Exp(term);
                term += Math.Log((double)(all - k) / (k + 1));
            }

            return Math.Min(1, 2 * sum);
        }
    }

    /// <summary>Gets whether <see cref="Probability"/> is below <see cref="Significance"/>.</summary>
    public bool IsClear => Probability < Significance;

    /// <summary>Compares two evaluations of the same set.</summary>
    /// <param name="old">The baseline.</param>
    /// <param name="new">The evaluation to compare with it.</param>
    /// <exception cref="ArgumentException">The evaluations are of different sets.</exception>
    public static RunComparison Between(Evaluation old, Evaluation @new)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(@new);
        if (old.Set != @new.Set)
            throw new ArgumentException("The two evaluations use different images: evaluate both on the same set.", nameof(@new));
        bool IsRight(Evaluation evaluation, int i) => evaluation.Predictions.Span[i] == evaluation.Set.Label(i);
        var changed = Enumerable.Range(0, old.Set.Count)
            .Where(i => IsRight(old, i) != IsRight(@new, i))
            .ToLookup(i => IsRight(@new, i));
        return new RunComparison([.. changed[true]], [.. changed[false]], old.Set.Count);
    }
}
