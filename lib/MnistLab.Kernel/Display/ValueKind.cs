using System.Collections;
using System.Data;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel;

/// <summary>What kind of thing a value is, as far as its display goes.</summary>
internal static class ValueKind
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(char)] = "char",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    /// <summary>The value's text if it says all there is to say: numbers, dates, and what else of the platform knows how to write itself; else null.</summary>
    public static string? TextOf(object value) => DisplayFault.TextOrFault(() => OwnTextOf(value));

    /// <summary>Whether the type is a pair of a dictionary.</summary>
    public static bool IsPair(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    /// <summary>The type of the items of a sequence that can only be awaited; null for any other value.</summary>
    public static Type? AsyncItemTypeOf(object value) => value is IEnumerable ? null : ItemTypeOf(value.GetType(), typeof(IAsyncEnumerable<>));

    /// <summary>Whether the type is a piece of memory with values of another.</summary>
    public static bool IsMemory(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Memory<>) || type.GetGenericTypeDefinition() == typeof(ReadOnlyMemory<>));

    /// <summary>Whether the value's text is a title for it: somebody wrote it for the type.</summary>
    public static bool HasTitle(object value) => value is not ITuple && !IsPair(value.GetType()) && WritesItself(value.GetType());

    /// <summary>The type's name, as in C#.</summary>
    public static string NameOf(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsArray) return $"{NameOf(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return NameOf(underlying) + "?";
        if (IsAnonymous(type)) return "anonymous object";
        var name = type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : name;
    }

    private static string? OwnTextOf(object value) => value switch
    {
        Enum => value.ToString(),
        ReadOnlyMemory<char> or JsonNode or Type or StringBuilder => value.ToString(),
        DateTime time => time.ToString(TimeFormat(time.Kind), CultureInfo.InvariantCulture),
        _ when IsTreeOfItself(value.GetType()) && HasTitle(value) => value.ToString(),
        _ when !IsOfPlatform(value.GetType()) => null,
        IConvertible or DateTimeOffset => value.ToDisplayString(PlainTextFormatter.MimeType),
        IEnumerable or ITuple or DataTable => null,
        _ when IsMemory(value.GetType()) => null,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => HasTitle(value) ? value.ToString() : null,
    };

    // Only universal time ends with Z.
    private static string TimeFormat(DateTimeKind kind) => kind switch
    {
        DateTimeKind.Utc => "yyyy-MM-dd HH:mm:ssZ",
        DateTimeKind.Local => "yyyy-MM-dd HH:mm:sszzz",
        _ => "yyyy-MM-dd HH:mm:ss",
    };

    // A document whose parts are documents, such as those of Newtonsoft.Json: only its text shows what is in the leaves.
    private static bool IsTreeOfItself(Type type) =>
        ItemTypeOf(type, typeof(IEnumerable<>)) is { } item && item != typeof(object) && item.IsAssignableFrom(type);

    private static Type? ItemTypeOf(Type type, Type sequence) => type.GetInterfaces()
        .Append(type)
        .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == sequence)
        ?.GetGenericArguments()[0];

    // A record's text, which the compiler makes, does not count.
    private static bool WritesItself(Type type) =>
        type.GetMethod(nameof(ToString), Type.EmptyTypes) is { } method
        && method.DeclaringType is { } owner && owner != typeof(object) && owner != typeof(ValueType)
        && method.GetCustomAttribute<CompilerGeneratedAttribute>() is null
        && !IsAnonymous(owner);

    private static bool IsAnonymous(Type type) => type.Name.StartsWith("<>f__AnonymousType", StringComparison.Ordinal);

    private static bool IsOfPlatform(Type type) => type.Assembly.GetName().Name is { } name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal));
}
