using System.Globalization;
using System.Runtime.CompilerServices;

namespace MnistLab.Hosting;

/// <summary>
/// Validates numeric arguments. Unlike with .NET's guards, the messages are the same in every culture.
/// </summary>
public static class NumberRange
{
    /// <summary>Throws if an integer is less than its minimum.</summary>
    /// <param name="value">The number.</param>
    /// <param name="minimum">The inclusive minimum.</param>
    /// <param name="name">The name of the parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than the minimum; the message states the
    /// requirement.</exception>
    public static void RequireAtLeast(
        long value, long minimum, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < minimum) throw OutOfRange(value, FormattableString.Invariant($"at least {minimum}"), name);
    }

    /// <summary>Throws if an integer is not within its inclusive range.</summary>
    /// <param name="value">The number.</param>
    /// <param name="minimum">The inclusive minimum.</param>
    /// <param name="maximum">The inclusive maximum.</param>
    /// <param name="name">The name of the parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range; the message states the
    /// requirement.</exception>
    public static void RequireInRange(
        long value, long minimum, long maximum, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < minimum || value > maximum)
            throw OutOfRange(value, FormattableString.Invariant($"from {minimum} to {maximum}"), name);
    }

    /// <summary>Throws if a number is out of range.</summary>
    /// <param name="isInRange">Whether the number is in range.</param>
    /// <param name="value">The number.</param>
    /// <param name="requirement">The requirement, such as <c>a number of at least 0</c>.</param>
    /// <param name="name">The name of the parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range; the message states the
    /// requirement.</exception>
    public static void Validate(
        bool isInRange, double value, string requirement, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!isInRange) throw OutOfRange(value, requirement, name);
    }

    private static ArgumentOutOfRangeException OutOfRange(IFormattable value, string requirement, string name) => new(
        name, $"{name} must be {requirement}, but was {value.ToString(null, CultureInfo.InvariantCulture)}.");
}
