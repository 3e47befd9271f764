using System.Globalization;
using MnistLab.Hosting;

namespace MnistLab.Training.Search;

/// <summary>Where a random search takes the values of one hyper-parameter from.</summary>
public sealed class SearchRange
{
    private readonly Func<Random, string> _draw;

    private SearchRange(Func<Random, string> draw) => _draw = draw;

    /// <summary>One of some values, each as likely.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static SearchRange OneOf(params string[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0) throw new ArgumentException("There has to be at least one value to choose from.", nameof(values));
        return new SearchRange(random => values[random.Next(values.Length)]);
    }

    /// <summary>A whole number.</summary>
    /// <param name="from">The smallest.</param>
    /// <param name="to">The largest.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range has no number.</exception>
    public static SearchRange Integer(int from, int to)
    {
        NumberRange.RequireAtLeast(to, from);
        return new SearchRange(random => random.NextInt64(from, (long)to + 1).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A number, each as likely.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or not finite.</exception>
    public static SearchRange Uniform(double from, double to)
    {
        ThrowIfNoRange(from, to);
        return new SearchRange(random => Text(from + (random.NextDouble() * (to - from))));
    }

    /// <summary>A positive number, each order of magnitude as likely: for learning rates and what else is tried in powers of ten.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, not finite or not positive.</exception>
    public static SearchRange LogUniform(double from, double to)
    {
        ThrowIfNoRange(from, to);
        NumberRange.Require(from > 0, from, "a positive number");
        return new SearchRange(random => Text(from * Math.Pow(to / from, random.NextDouble())));
    }

    internal string Draw(Random random) => _draw(random);

    // Three digits: nobody can tell a learning rate of 0.00312 from one of 0.003118, but can read it.
    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private static void ThrowIfNoRange(double from, double to)
    {
        NumberRange.Require(double.IsFinite(from), from, "a finite number");
        var least = from.ToString(CultureInfo.InvariantCulture);
        NumberRange.Require(double.IsFinite(to) && to > from, to, $"a number above {least}, where the range begins");
    }
}
