namespace MnistLab.Kernel.Scripting;

/// <summary>Writes the names of types as C# that compiles in any cell, regardless of its usings.</summary>
internal static class CSharpTypeName
{
    /// <summary>
    /// Returns the full name of a type, or <c>object</c> for a type that the code of a cell cannot name.
    /// </summary>
    public static string Format(Type type)
    {
        if (!type.IsVisible || type.IsPointer || type.IsByRef || type.IsByRefLike || type == typeof(void)) return "object";
        if (type.IsArray) return ArrayName(type);
        var nesting = NestingOf(type).ToList();
        // Types that the compiler generates, such as anonymous types, have names that are not valid in C#.
        if (nesting.Any(part => part.Name.Contains('<', StringComparison.Ordinal))) return "object";

        var arguments = new Queue<string>(type.GetGenericArguments().Select(Format));
        // A type that a cell declares is nested in a class whose name is not valid in C#; cells refer to it by its
        // simple name.
        var isOfCell = nesting[0].Name.Contains('#', StringComparison.Ordinal);
        var name = string.Join('.', nesting.Skip(isOfCell ? 1 : 0).Select(part => Name(part, arguments)));
        return isOfCell ? name : type.Namespace is null ? $"global::{name}" : $"global::{type.Namespace}.{name}";
    }

    // In C#, the brackets of the outermost array come first.
    private static string ArrayName(Type type)
    {
        var brackets = "";
        while (type.IsArray)
        {
            brackets += $"[{new string(',', type.GetArrayRank() - 1)}]";
            type = type.GetElementType()!;
        }

        return Format(type) + brackets;
    }

    private static IEnumerable<Type> NestingOf(Type type) => type.DeclaringType is { } outer ? NestingOf(outer).Append(type) : [type];

    private static string Name(Type part, Queue<string> arguments)
    {
        var tick = part.Name.IndexOf('`', StringComparison.Ordinal);
        if (tick < 0) return part.Name;
        var own = int.Parse(part.Name[(tick + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        return $"{part.Name[..tick]}<{string.Join(", ", Enumerable.Range(0, own).Select(_ => arguments.Dequeue()))}>";
    }
}
