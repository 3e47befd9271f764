using System.Reflection;
using System.Runtime.CompilerServices;

namespace MnistLab.Kernel;

/// <summary>The members of a value that are shown: what is public and can be read, in the order of their declaration.</summary>
internal static class ValueMembers
{
    /// <summary>The names and values; the members of a tuple are its items.</summary>
    public static IReadOnlyList<(string Name, object? Value)> Of(object value) => value is ITuple tuple
        ? [.. Enumerable.Range(0, tuple.Length).Select(i => ($"Item{i + 1}", tuple[i]))]
        : [.. Readable(value.GetType()).Select(member => (member.Name, Read(member, value)))];

    private static IEnumerable<MemberInfo> Readable(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance)
        .Where(member => member switch
        {
            PropertyInfo property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0 && IsShown(property.PropertyType),
            FieldInfo field => IsShown(field.FieldType),
            _ => false,
        })
        // What the compiler adds to a type has a name that C# cannot write.
        .Where(member => !member.Name.Contains('<', StringComparison.Ordinal))
        // Those of the base come first, as a reader of the declarations would meet them.
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
        // A property that fails is no reason to show nothing.
        catch (TargetInvocationException error) when (DisplayFault.IsOfValue(error))
        {
            return DisplayFault.TextOf(error);
        }
    }
}
