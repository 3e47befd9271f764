using System.Globalization;
using CsCheck;
using MnistLab.Training.Search;

namespace MnistLab.Training.Tests;

public sealed class SearchSpaceTests
{
    [Fact]
    public void Grid_OfTwoDimensions_HasEveryCombinationInOrder()
    {
        var space = SearchSpace.Grid(("batch_size", ["32", "64"]), ("learning_rate", ["0.1", "0.01", "0.001"]));

        Assert.Equal(
            ["32 0.1", "32 0.01", "32 0.001", "64 0.1", "64 0.01", "64 0.001"],
            space.Trials.Select(trial => $"{trial["batch_size"]} {trial["learning_rate"]}"));
        Assert.Equal(["batch_size", "learning_rate"], space.Names);
    }

    [Fact]
    public void Random_OfAnyRanges_StaysInsideAndRepeats() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int, Gen.Double[1e-6, 1e-2], Gen.Int[0, 50]).Sample((trials, seed, low, from) =>
    {
        SearchSpace Space() => SearchSpace.Random(
            trials,
            seed,
            ("rate", SearchRange.LogUniform(low, low * 1000)),
            ("units", SearchRange.Integer(from, from + 9)),
            ("scale", SearchRange.Uniform(-1, 1)),
            ("model", SearchRange.OneOf("a", "b")));
        var space = Space();

        Assert.Equal(trials, space.Trials.Count);
        Assert.All(space.Trials, trial =>
        {
            // Three digits are kept, so the ends may be rounded outward.
            Assert.InRange(double.Parse(trial["rate"], CultureInfo.InvariantCulture), low * 0.99, low * 1010);
            Assert.InRange(int.Parse(trial["units"], CultureInfo.InvariantCulture), from, from + 9);
            Assert.InRange(double.Parse(trial["scale"], CultureInfo.InvariantCulture), -1, 1);
            Assert.Contains(trial["model"], new[] { "a", "b" });
        });
        Assert.Equal(
            space.Trials.Select(trial => string.Join(' ', trial.Values)),
            Space().Trials.Select(trial => string.Join(' ', trial.Values)));
    }, iter: 200);

    [Fact]
    public void Random_OfASmallRange_HasEachCombinationOnce() =>
        Assert.Equal(2, SearchSpace.Random(10, 1, ("model", SearchRange.OneOf("a", "b"))).Trials.Count);

    [Fact]
    public void Space_ThatMakesNoSense_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => SearchSpace.Grid());
        Assert.Contains(
            "batch_size has no values",
            Assert.Throws<ArgumentException>(() => SearchSpace.Grid(("batch_size", []))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "seed appears more than once",
            Assert.Throws<ArgumentException>(() => SearchSpace.Grid(("seed", ["1"]), ("seed", ["2"]))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SearchRange.LogUniform(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SearchRange.Uniform(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => SearchRange.Integer(2, 1));
    }
}
