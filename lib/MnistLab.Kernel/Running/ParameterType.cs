using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MnistLab.Kernel.Running;

/// <summary>Represents the type of a parameter, and converts text to C# expressions of the type.</summary>
internal sealed class ParameterType(ITypeSymbol type, SemanticModel model, int position)
{
    private const string Null = "null";

    /// <summary>Gets the name of the type, qualified as needed at the position of the declaration.</summary>
    public string Name => type.ToMinimalDisplayString(model, position);

    /// <summary>Gets a description of valid values, as the end of a sentence.</summary>
    public string Expectation => type switch
    {
        { SpecialType: SpecialType.System_Boolean } => "it must be true or false (bool)",
        { SpecialType: SpecialType.System_Char } => "it must be a single character (char)",
        { TypeKind: TypeKind.Enum } => $"it must be one of {string.Join(", ", EnumMembers)} ({Name})",
        _ when Element is { } element => $"it must be a comma-separated list of values, and for each value, {element.Expectation}",
        _ when Underlying is { } underlying => $"{underlying.Expectation}, or null",
        _ when IsSupported => $"it must be a value of type {Name}",
        _ =>
            $"its type {Name} has no values that can be given as text; parameters can be numbers, bool, char, string, enums, and arrays of these",
    };

    private IEnumerable<string> EnumMembers =>
        type.GetMembers().OfType<IFieldSymbol>().Where(member => member.HasConstantValue).Select(member => member.Name);

    private ParameterType? Element => type is IArrayTypeSymbol { Rank: 1 } array ? new(array.ElementType, model, position) : null;

    private ParameterType? Underlying => type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
        ? new(nullable.TypeArguments[0], model, position)
        : null;

    private bool IsSupported =>
        type.SpecialType is SpecialType.System_String or (>= SpecialType.System_SByte and <= SpecialType.System_Double);

    /// <summary>
    /// Returns the value of a text as a C# expression; null if the text is not a valid value of the type.
    /// </summary>
    public string? Literal(string text)
    {
        if (Underlying is { } underlying) return text == Null ? Null : underlying.Literal(text);
        if (Element is { } element) return Array(text, element);
        if (type.TypeKind == TypeKind.Enum)
            return EnumMembers.FirstOrDefault(member =>
                member.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found ? $"{Name}.{found}" : null;

        // Accepts digit separators, as in C#.
        var number = text.Replace("_", "", StringComparison.Ordinal);
        return type.SpecialType switch
        {
            SpecialType.System_String => SymbolDisplay.FormatLiteral(text, quote: true),
            SpecialType.System_Char => text.Length == 1 ? SymbolDisplay.FormatLiteral(text[0], quote: true) : null,
            SpecialType.System_Boolean => bool.TryParse(text, out var flag) ? (flag ? "true" : "false") : null,
            SpecialType.System_SByte => Integer<sbyte>(number),
            SpecialType.System_Byte => Integer<byte>(number),
            SpecialType.System_Int16 => Integer<short>(number),
            SpecialType.System_UInt16 => Integer<ushort>(number),
            SpecialType.System_Int32 => Integer<int>(number),
            SpecialType.System_UInt32 => Integer<uint>(number),
            SpecialType.System_Int64 => Integer<long>(number),
            SpecialType.System_UInt64 => Integer<ulong>(number),
            SpecialType.System_Single => Real<float>(number, "float", "f"),
            SpecialType.System_Double => Real<double>(number, "double", ""),
            SpecialType.System_Decimal => decimal.TryParse(
                number,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var money) ? money.ToString(CultureInfo.InvariantCulture) + "m" : null,
            _ => null,
        };
    }

    private static string? Integer<T>(string text)
        where T : System.Numerics.IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value.ToString(null, CultureInfo.InvariantCulture)
            : null;

    private static string? Real<T>(string text, string name, string suffix)
        where T : System.Numerics.IFloatingPointIeee754<T>
    {
        if (!T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return null;
        if (T.IsNaN(value)) return $"{name}.NaN";
        if (T.IsInfinity(value)) return T.IsPositive(value) ? $"{name}.PositiveInfinity" : $"{name}.NegativeInfinity";
        return value.ToString("R", CultureInfo.InvariantCulture) + suffix;
    }

    private static string? Array(string text, ParameterType element)
    {
        string?[] literals = [.. text.Length == 0 ? [] : text.Split(',').Select(part => element.Literal(part.Trim()))];
        return literals.Contains(null) ? null : $"new {element.Name}[] {{ {string.Join(", ", literals)} }}";
    }
}
