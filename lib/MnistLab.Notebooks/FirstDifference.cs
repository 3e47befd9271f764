using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace MnistLab.Notebooks;

/// <summary>
/// Finds the first difference between two results, regardless of the collection type: a list equals an array with the
/// same elements.
/// </summary>
internal static class FirstDifference
{
    /// <summary>
    /// Returns the position and both values, such as <c>[3]: 5 ≠ 7</c>; null if the results are equal.
    /// </summary>
    /// <param name="yours">The first result.</param>
    /// <param name="library">The second result.</param>
    /// <param name="tolerance">
    /// The maximum difference of two numbers that count as equal, as a fraction of the larger one.
    /// </param>
    public static string? Find(object? yours, object? library, double tolerance) => Find(yours, library, tolerance, "");

    private static string? Find(object? yours, object? library, double tolerance, string place)
    {
        if (Number(yours) is { } first && Number(library) is { } second)
            return IsSame(first, second, tolerance) ? null : Describe(yours, library, place);
        if (Elements(yours) is not { } mine || Elements(library) is not { } others)
            return Equals(yours, library) ? null : Describe(yours, library, place);
        if (Sizes(yours) is var size && Sizes(library) is var expected && size != expected) return $"{place}.Length: {size} ≠ {expected}";
        return mine.Zip(others)
            .Select((pair, index) => Find(pair.First, pair.Second, tolerance, $"{place}[{Place(library, index)}]"))
            .FirstOrDefault(difference => difference is not null);
    }

    private static double? Number(object? value) =>
        value is IConvertible convertible && convertible.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal
        ? convertible.ToDouble(CultureInfo.InvariantCulture)
        : null;

    private static bool IsSame(double first, double second, double tolerance) =>
        first.Equals(second) || Math.Abs(first - second) <= tolerance * Math.Max(Math.Abs(first), Math.Abs(second));

    private static List<object?>? Elements(object? value) => value switch
    {
        string => null,
        ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(index => tuple[index])],
        IEnumerable sequence => [.. sequence.Cast<object?>()],
        _ => null,
    };

    private static string Sizes(object? value) => value is Array array
        ? string.Join(" × ", Enumerable.Range(0, array.Rank).Select(array.GetLength))
        : $"{Elements(value)!.Count}";

    private static string Place(object? value, int index) => value is Array { Rank: 2 } table
        ? string.Create(CultureInfo.InvariantCulture, $"{index / table.GetLength(1)}, {index % table.GetLength(1)}")
        : index.ToString(CultureInfo.InvariantCulture);

    private static string Describe(object? yours, object? library, string place) =>
        $"{place}{(place.Length > 0 ? ": " : "")}{Text(yours)} ≠ {Text(library)}";

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        IFormattable number => number.ToString(null, CultureInfo.CurrentCulture),
        _ => value.ToString() ?? "",
    };
}
