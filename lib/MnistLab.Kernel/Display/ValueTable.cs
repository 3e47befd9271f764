using System.Collections;
using System.Data;
using System.Globalization;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel.Display;

/// <summary>Represents the rows and columns of a collection, limited to the rows that are displayed.</summary>
/// <param name="Columns">The column headings.</param>
/// <param name="Rows">
/// The rows, with a cell for each column. <c>IsThere</c> is false if the value of the row does not have the member.
/// </param>
/// <param name="IsList">
/// Whether the table is a sequence of words or numbers, with only the index and the value in each row.
/// </param>
/// <param name="Summary">A short description of the collection.</param>
/// <param name="More">A note about the rows that are not displayed; null if all are.</param>
internal sealed record ValueTable(
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<(object? Value, bool IsThere)>> Rows,
    bool IsList,
    string Summary,
    string? More)
{
    private const string Index = "index";

    /// <summary>
    /// The full name of the type of data frames, whose library the kernel does not reference. A library that a notebook
    /// references can register its own formatter for data frames, which then replaces this table.
    /// </summary>
    public const string DataFrame = "Microsoft.Data.Analysis.DataFrame";

    private static int MaxRows => Formatter.ListExpansionLimit;

    /// <summary>
    /// Returns the table of a collection, dictionary, two-dimensional array, data table, or data frame; null for any
    /// other value.
    /// </summary>
    public static ValueTable? TryOf(object value) => value switch
    {
        Array { Rank: 2 } matrix => OfMatrix(matrix),
        DataTable table => OfColumns([.. table.Columns
            .Cast<DataColumn>()
            .Select(column => (column.ColumnName, (IEnumerable)table.Rows.Cast<DataRow>().Select(row => row[column])))], table.Rows.Count),
        _ when value.GetType().FullName == DataFrame => OfDataFrame(value),
        _ when AsDictionary(value) is { } pairs => OfPairs(pairs, value),
        IEnumerable items => OfItems(items, value),
        _ when TypeDisplay.IsMemory(value.GetType()) =>
            OfItems((Array)value.GetType().GetMethod(nameof(Memory<>.ToArray))!.Invoke(value, null)!, value),
        _ => null,
    };

    private static ValueTable OfItems(IEnumerable items, object value)
    {
        var (shown, more) = Take(items, value);
        var summary = Describe(items, shown.Count, more);
        // If all items have members and none has a registered formatter, the columns are the members.
        if (shown.Count > 0 && shown.All(IsRow))
        {
            var members = shown.Select(item => ValueMembers.Of(item!)).ToList();
            string[] columns = [.. members.SelectMany(row => row.Select(member => member.Name)).Distinct()];
            return new(
                [Index, .. columns],
                [.. members.Select((row, index) =>
                    (IReadOnlyList<(object?, bool)>)[(index, true), .. columns.Select(column => Cell(row, column))])],
                false, summary, more);
        }

        var isList = shown.All(item => item is null or string
            || (TypeDisplay.TextOf(item) is not null && !RegisteredFormatters.Has(item.GetType())));
        return new(
            [Index, "value"],
            [.. shown.Select((item, index) => (IReadOnlyList<(object?, bool)>)[(index, true), (item, true)])],
            isList,
            summary,
            more);
    }

    private static (object? Value, bool IsThere) Cell(IReadOnlyList<(string Name, object? Value)> row, string column)
    {
        var found = row.Where(member => member.Name == column).ToList();
        return found.Count > 0 ? (found[0].Value, true) : (null, false);
    }

    private static bool IsRow(object? item) =>
        item is not (null or string or IEnumerable or Exception or Task or Microsoft.AspNetCore.Html.IHtmlContent)
        && TypeDisplay.TextOf(item) is null && !RegisteredFormatters.Has(item.GetType()) && ValueMembers.Of(item).Count > 0;

    private static ValueTable OfPairs(IEnumerable<(object? Key, object? Value)> pairs, object value)
    {
        var (shown, more) = Take(pairs, value);
        return new(
            ["key", "value"],
            [.. shown
                .Cast<(object? Key, object? Value)>()
                .Select(pair => (IReadOnlyList<(object?, bool)>)[(pair.Key, true), (pair.Value, true)])],
            false, Describe((IEnumerable)value, shown.Count, more), more);
    }

    private static ValueTable OfMatrix(Array matrix)
    {
        var (rows, columns) = (Math.Min(matrix.GetLength(0), MaxRows), Math.Min(matrix.GetLength(1), MaxRows));
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{TypeDisplay.NameOf(matrix.GetType().GetElementType()!)}[{matrix.GetLength(0)}, {matrix.GetLength(1)}]");
        var isCut = rows < matrix.GetLength(0) || columns < matrix.GetLength(1);
        return new(
            ["", .. Enumerable.Range(0, columns).Select(column => column.ToString(CultureInfo.InvariantCulture))],
            [.. Enumerable.Range(0, rows).Select(row => (IReadOnlyList<(object?, bool)>)[(row, true),
                .. Enumerable.Range(0, columns).Select(column => (matrix.GetValue(row, column), true))])],
            false, name, isCut ? $"… of {name}" : null);
    }

    // Uses reflection, so that the kernel does not need to reference the library.
    private static ValueTable? OfDataFrame(object frame)
    {
        if (frame.GetType().GetProperty("Columns")?.GetValue(frame) is not IEnumerable found) return null;
        var columns = found
            .Cast<object>()
            .Select(column => ((string)column.GetType().GetProperty("Name")!.GetValue(column)!, (IEnumerable)column))
            .ToList();
        var rows = frame.GetType().GetProperty("Rows")!.GetValue(frame)!;
        return OfColumns(columns, Convert.ToInt64(rows.GetType().GetProperty("Count")!.GetValue(rows), CultureInfo.InvariantCulture));
    }

    private static ValueTable OfColumns(IReadOnlyList<(string Name, IEnumerable Values)> columns, long count)
    {
        var values = columns.Select(column => column.Values.Cast<object?>().Take(MaxRows).ToList()).ToList();
        var shown = (int)Math.Min(count, MaxRows);
        return new(
            [Index, .. columns.Select(column => column.Name)],
            [.. Enumerable.Range(0, shown).Select(row => (IReadOnlyList<(object?, bool)>)[(row, true),
                .. values.Select(column => (Missing(column[row]), true))])],
            false, string.Create(CultureInfo.InvariantCulture, $"{count} rows, {columns.Count} columns"), Rest(count - shown));
    }

    private static object? Missing(object? value) => value is DBNull ? null : value;

    private static (List<object?> Shown, string? More) Take(IEnumerable items, object value)
    {
        // Enumerates once, and no further than needed: a sequence may be infinite, or each item expensive.
        var shown = new List<object?>();
        try
        {
            foreach (var item in items.Cast<object?>().Take(MaxRows + 1)) shown.Add(item);
        }
        // The items before the one that throws are displayed.
        catch (Exception error) when (shown.Count > 0 && DisplayFault.IsOfValue(error))
        {
            return (shown.Count <= MaxRows ? shown : shown[..MaxRows], DisplayFault.TextOf(error));
        }

        if (shown.Count <= MaxRows) return (shown, null);
        shown.RemoveAt(MaxRows);
        return (shown, CountOf(value) is { } count ? Rest(count - MaxRows) : "… and more");
    }

    private static string? Rest(long count) => count > 0 ? string.Create(CultureInfo.InvariantCulture, $"… {count} more") : null;

    private static long? CountOf(object value) => value switch
    {
        ICollection collection => collection.Count,
        _ when value.GetType().GetInterfaces().FirstOrDefault(type =>
            type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>)) is { } counted =>
            (int)counted.GetProperty(nameof(IReadOnlyCollection<>.Count))!.GetValue(value)!,
        IEnumerable items when ElementTypeOf(value.GetType()) is { } element => CountWithoutEnumerating(items, element),
        _ => null,
    };

    private static long? CountWithoutEnumerating(IEnumerable items, Type element)
    {
        object?[] arguments = [items, 0];
        var method = typeof(Enumerable).GetMethod(nameof(Enumerable.TryGetNonEnumeratedCount))!.MakeGenericMethod(element);
        return (bool)method.Invoke(null, arguments)! ? (int)arguments[1]! : null;
    }

    private static Type? ElementTypeOf(Type type) => type.GetInterfaces().Prepend(type)
        .FirstOrDefault(candidate => candidate.IsGenericType
            && candidate.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];

    private static string Describe(IEnumerable items, int shown, string? more)
    {
        var count = more is null ? shown : CountOf(items);
        var element = ElementTypeOf(items.GetType()) is { } type ? TypeDisplay.NameOf(type) : "object";
        return string.Create(CultureInfo.InvariantCulture, $"{count?.ToString(CultureInfo.InvariantCulture) ?? "many"} × {element}");
    }

    private static IEnumerable<(object? Key, object? Value)>? AsDictionary(object value)
    {
        if (value is IDictionary dictionary) return dictionary.Keys.Cast<object>().Select(key => ((object?)key, dictionary[key]));
        if (value is not IEnumerable items || ElementTypeOf(value.GetType()) is not { IsGenericType: true } element) return null;
        if (element.GetGenericTypeDefinition() == typeof(IGrouping<,>))
            return items.Cast<object>().Select(group => (element.GetProperty("Key")!.GetValue(group), (object?)group));
        if (!TypeDisplay.IsPair(element)) return null;
        var (key, member) = (element.GetProperty("Key")!, element.GetProperty("Value")!);
        return items.Cast<object>().Select(pair => (key.GetValue(pair), member.GetValue(pair)));
    }
}
