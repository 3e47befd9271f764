using System.Reflection;
using System.Runtime.CompilerServices;

namespace MnistLab.Kernel.Display;

/// <summary>
/// Reads the members of a value that are displayed: its public, readable properties and fields, in the order of their
/// declaration.
/// </summary>
internal static class ValueMembers
{
    /// <summary>Returns the names and values of the members; the members of a tuple are its items.</summary>
    public static IReadOnlyList<(string Name, object? Value)> Of(object value) => value is ITuple tuple
        ? [.. Enumerable.Range(0, tuple.Length).Select(i => ($"Item{i + 1}", tuple[i]))]
        : [.. Readable(value.GetType()).Select(member => (member.Name, Read(member, value)))];

    private static IEnumerable<MemberInfo> Readable(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance)
        .Where(member => member switch
        {
            PropertyInfo property => property.GetMethod is { IsPublic: true }
                && property.GetIndexParameters().Length == 0
                && IsShown(property.PropertyType),
            FieldInfo field => IsShown(field.FieldType),
            _ => false,
        })
        // Members that the compiler generates have names that are not valid in C#.
        .Where(member => !member.Name.Contains('<', StringComparison.Ordinal))
        // Members of base types come first.
        .OrderBy(member => Depth(member.DeclaringType!))
        .ThenBy(member => member.MetadataToken)
        .DistinctBy(member => member.Name);

    private static bool IsShown(Type type) => !type.IsByRefLike && !type.IsByRef && !type.IsPointer && !type.IsSubclassOf(typeof(Delegate));

    private static int Depth(Type type) => type.BaseType is { } parent ? Depth(parent) + 1 : 0;

    private static object? Read(MemberInfo member, object value)
    {
        try
        {
            return member is PropertyInfo property ? property.GetValue(value) : ((FieldInfo)member).GetValue(value);
        }
        // If a property throws, the other members are still displayed.
        catch (TargetInvocationException error) when (DisplayFault.IsOfValue(error))
        {
            return DisplayFault.TextOf(error);
        }
    }
}
