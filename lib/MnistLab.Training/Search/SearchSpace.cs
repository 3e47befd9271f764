using MnistLab.Hosting;

namespace MnistLab.Training.Search;

/// <summary>Represents the combinations of hyper-parameters that a search tries, in order.</summary>
public sealed class SearchSpace
{
    private SearchSpace(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyDictionary<string, string>> trials) =>
        (Names, Trials) = (names, trials);

    /// <summary>Gets the names of the hyper-parameters that vary.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Gets the distinct combinations, each with a value for every hyper-parameter.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Trials { get; }

    /// <summary>Returns a grid: every combination of the values; the last hyper-parameter changes fastest.</summary>
    /// <param name="dimensions">
    /// The hyper-parameters and their values, such as <c>("batch_size", ["32", "128"])</c>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no hyper-parameter, one is repeated, or one has no values.
    /// </exception>
    public static SearchSpace Grid(params (string Name, string[] Values)[] dimensions)
    {
        var names = NamesOf(dimensions, dimension => dimension.Name);
        if (dimensions.FirstOrDefault(dimension => dimension.Values is not { Length: > 0 }) is { Name: { } empty })
            throw new ArgumentException($"{empty} has no values to try.", nameof(dimensions));
        IEnumerable<string[]> combinations = [[]];
        foreach (var (_, values) in dimensions) combinations = [.. combinations.SelectMany(
            _ => values, (before, value) => (string[])[.. before, value])];
        return From(names, combinations);
    }

    /// <summary>
    /// Returns combinations drawn at random. Random search is often better than a grid, which spends most of its trials
    /// on hyper-parameters that do not matter (J. Bergstra, Y. Bengio, 2012).
    /// </summary>
    /// <param name="trials">
    /// The number of combinations, at least 1; fewer are returned if the ranges are too small.
    /// </param>
    /// <param name="seed">The seed; the same seed gives the same combinations.</param>
    /// <param name="dimensions">
    /// The hyper-parameters and their ranges, such as <c>("learning_rate", SearchRange.LogUniform(0.0001, 0.1))</c>.
    /// </param>
    /// <exception cref="ArgumentException">There is no hyper-parameter, or one is repeated.</exception>
    public static SearchSpace Random(int trials, int seed, params (string Name, SearchRange Range)[] dimensions)
    {
        NumberRange.RequireAtLeast(trials, 1);
        var names = NamesOf(dimensions, dimension => dimension.Name);
        var random = new Random(seed);
        // Limits the number of draws, because small ranges may not have enough distinct combinations.
        var drawn = Enumerable.Range(0, 20 * trials).Select(_ => dimensions.Select(dimension => dimension.Range.Draw(random)).ToArray());
        return From(names, drawn, trials);
    }

    private static SearchSpace From(IReadOnlyList<string> names, IEnumerable<string[]> combinations, int most = int.MaxValue) => new(
        names,
        [.. combinations.DistinctBy(values => string.Join('\n', values)).Take(most).Select(values =>
            names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal))]);

    private static IReadOnlyList<string> NamesOf<T>(T[] dimensions, Func<T, string> name)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        string[] names = [.. dimensions.Select(name)];
        if (names.Length == 0) throw new ArgumentException("At least one hyper-parameter to vary is required.", nameof(dimensions));
        if (names.GroupBy(item => item, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"{twice.Key} appears more than once.", nameof(dimensions));
        return names;
    }
}
