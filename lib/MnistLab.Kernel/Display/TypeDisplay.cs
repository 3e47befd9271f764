using System.Collections;
using System.Data;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel.Display;

/// <summary>Classifies values for display.</summary>
internal static class TypeDisplay
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

    /// <summary>
    /// Returns the text of a value that text represents completely, such as a number, a date, or another .NET type with
    /// its own text; null for any other value.
    /// </summary>
    public static string? TextOf(object value) => DisplayFault.TextOrFault(() => OwnTextOf(value));

    /// <summary>Returns whether the type is <see cref="KeyValuePair{TKey, TValue}"/>.</summary>
    public static bool IsPair(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    /// <summary>Returns the item type of an asynchronous sequence; null for any other value.</summary>
    public static Type? AsyncItemTypeOf(object value) =>
        value is IEnumerable ? null : ItemTypeOf(value.GetType(), typeof(IAsyncEnumerable<>));

    /// <summary>Returns whether the type is <see cref="Memory{T}"/> or <see cref="ReadOnlyMemory{T}"/>.</summary>
    public static bool IsMemory(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Memory<>)
            || type.GetGenericTypeDefinition() == typeof(ReadOnlyMemory<>));

    /// <summary>
    /// Returns whether the text of the value is a suitable title: its type, or a base type, overrides
    /// <see cref="object.ToString"/> in source code.
    /// </summary>
    public static bool HasTitle(object value) => value is not ITuple && !IsPair(value.GetType()) && WritesItself(value.GetType());

    /// <summary>Returns the name of the type as in C#.</summary>
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

    // The suffix Z is for UTC only.
    private static string TimeFormat(DateTimeKind kind) => kind switch
    {
        DateTimeKind.Utc => "yyyy-MM-dd HH:mm:ssZ",
        DateTimeKind.Local => "yyyy-MM-dd HH:mm:sszzz",
        _ => "yyyy-MM-dd HH:mm:ss",
    };

    // A document whose parts are documents, such as a JToken of Newtonsoft.Json. Only its text shows the values of the
    // leaves.
    private static bool IsTreeOfItself(Type type) =>
        ItemTypeOf(type, typeof(IEnumerable<>)) is { } item && item != typeof(object) && item.IsAssignableFrom(type);

    private static Type? ItemTypeOf(Type type, Type sequence) => type.GetInterfaces()
        .Append(type)
        .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == sequence)
        ?.GetGenericArguments()[0];

    // The ToString that the compiler generates for a record does not count.
    private static bool WritesItself(Type type) =>
        type.GetMethod(nameof(ToString), Type.EmptyTypes) is { } method
        && method.DeclaringType is { } owner && owner != typeof(object) && owner != typeof(ValueType)
        && method.GetCustomAttribute<CompilerGeneratedAttribute>() is null
        && !IsAnonymous(owner);

    private static bool IsAnonymous(Type type) => type.Name.StartsWith("<>f__AnonymousType", StringComparison.Ordinal);

    private static bool IsOfPlatform(Type type) => type.Assembly.GetName().Name is { } name
        && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal));
}
