using System.Globalization;
using System.Runtime.CompilerServices;

namespace MnistLab.Hosting;

/// <summary>Checks numbers at the edge. Unlike the guards of .NET, the message reads the same in every culture.</summary>
public static class NumberRange
{
    /// <summary>Throws if a whole number is less than its minimum.</summary>
    /// <param name="value">The number.</param>
    /// <param name="minimum">The least number that is allowed.</param>
    /// <param name="name">The parameter's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less; the message says what it must be.</exception>
    public static void RequireAtLeast(
        long value, long minimum, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < minimum) throw OutOfRange(value, FormattableString.Invariant($"at least {minimum}"), name);
    }

    /// <summary>Throws if a whole number is not between its minimum and its maximum, inclusive.</summary>
    /// <param name="value">The number.</param>
    /// <param name="minimum">The least number that is allowed.</param>
    /// <param name="maximum">The greatest number that is allowed.</param>
    /// <param name="name">The parameter's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range; the message says what it must be.</exception>
    public static void RequireInRange(
        long value, long minimum, long maximum, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < minimum || value > maximum)
            throw OutOfRange(value, FormattableString.Invariant($"from {minimum} to {maximum}"), name);
    }

    /// <summary>Throws if a number is out of its range.</summary>
    /// <param name="isInRange">Whether it is in its range.</param>
    /// <param name="value">The number.</param>
    /// <param name="requirement">What it must be, such as <c>a number of at least 0</c>.</param>
    /// <param name="name">The parameter's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range; the message says what it must be.</exception>
    public static void Require(
        bool isInRange, double value, string requirement, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!isInRange) throw OutOfRange(value, requirement, name);
    }

    private static ArgumentOutOfRangeException OutOfRange(IFormattable value, string requirement, string name) => new(
        name, $"{name} must be {requirement}, but was {value.ToString(null, CultureInfo.InvariantCulture)}.");
}
