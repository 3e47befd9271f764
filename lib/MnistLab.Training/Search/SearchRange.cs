using System.Globalization;
using MnistLab.Hosting;

namespace MnistLab.Training.Search;

/// <summary>Represents the distribution from which a random search draws the values of a hyper-parameter.</summary>
public sealed class SearchRange
{
    private readonly Func<Random, string> _draw;

    private SearchRange(Func<Random, string> draw) => _draw = draw;

    /// <summary>Returns a range of discrete values, all equally likely.</summary>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static SearchRange OneOf(params string[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0) throw new ArgumentException("At least one value to choose from is required.", nameof(values));
        return new SearchRange(random => values[random.Next(values.Length)]);
    }

    /// <summary>Returns a range of integers, all equally likely.</summary>
    /// <param name="from">The minimum.</param>
    /// <param name="to">The maximum, inclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public static SearchRange Integer(int from, int to)
    {
        NumberRange.RequireAtLeast(to, from);
        return new SearchRange(random => random.NextInt64(from, (long)to + 1).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Returns a range of numbers with a uniform distribution.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or not finite.</exception>
    public static SearchRange Uniform(double from, double to)
    {
        ThrowIfNoRange(from, to);
        return new SearchRange(random => Text(from + (random.NextDouble() * (to - from))));
    }

    /// <summary>
    /// Returns a range of positive numbers with a log-uniform distribution: each order of magnitude is equally likely,
    /// as suits learning rates.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, not finite, or not positive.</exception>
    public static SearchRange LogUniform(double from, double to)
    {
        ThrowIfNoRange(from, to);
        NumberRange.Validate(from > 0, from, "a positive number");
        return new SearchRange(random => Text(from * Math.Pow(to / from, random.NextDouble())));
    }

    internal string Draw(Random random) => _draw(random);

    // Three significant digits are easy to read, and a finer difference has no noticeable effect.
    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private static void ThrowIfNoRange(double from, double to)
    {
        NumberRange.Validate(double.IsFinite(from), from, "a finite number");
        var least = from.ToString(CultureInfo.InvariantCulture);
        NumberRange.Validate(double.IsFinite(to) && to > from, to, $"a number above {least}, where the range begins");
    }
}
