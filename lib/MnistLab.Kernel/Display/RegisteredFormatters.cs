using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel;

/// <summary>Which types somebody has registered formatters for, in a cell, in a library or by an attribute of the type.</summary>
internal static class RegisteredFormatters
{
    // Data frames as tables like all others, and charts without a network.
    private static readonly string[] ShownByKernel = [ValueTable.DataFrame, ChartTree.TypeName];
    private static readonly ConditionalWeakTable<ITypeFormatter, object> Superseded = [];

    /// <summary>Whether the type has a formatter, for HTML or for text, that is not one of those that every type has.</summary>
    public static bool Has(Type type)
    {
        // To ask for the formatter also makes the package look for the attribute.
        var isRegistered = IsRegistered(type, HtmlFormatter.MimeType) | IsRegistered(type, PlainTextFormatter.MimeType);
        return isRegistered || (HasSource(type) && !IsShownByKernel(type));
    }

    // Where several formatters are registered that suit a type, the package makes one of them, which names the type that the
    // first of them is for. Of those for one type the latest is the first.
    private static bool IsRegistered(Type type, string mimeType)
    {
        var preferred = Formatter.GetPreferredFormatterFor(type, mimeType);
        var first = Formatter.RegisteredFormatters(includeDefaults: false)
            .FirstOrDefault(registered => registered.MimeType == mimeType && registered.Type == preferred.Type);
        return first is not null && !Superseded.TryGetValue(first, out _);
    }

    // The package counts formatters from this attribute among its own; an attribute of any other library with this name counts.
    private static bool HasSource(Type type) =>
        type.GetCustomAttributes(inherit: true).Any(attribute => attribute.GetType().Name == nameof(TypeFormatterSourceAttribute));

    private static bool IsShownByKernel(Type? type) =>
        type is not null && (ShownByKernel.Contains(type.FullName) || IsShownByKernel(type.BaseType));

    /// <summary>
    /// Returns what to do when an extension is loaded: the formatters that it has registered meanwhile, for types that the
    /// kernel displays by itself, are not used. Those that cells and libraries register are.
    /// </summary>
    public static Action BeforeExtension()
    {
        var before = Formatter.RegisteredFormatters(includeDefaults: false).ToHashSet(ReferenceEqualityComparer.Instance);
        return () =>
        {
            foreach (var added in Formatter.RegisteredFormatters(includeDefaults: false).Where(formatter => !before.Contains(formatter)))
            {
                if (IsShownByKernel(added.Type)) Superseded.TryAdd(added, added);
            }
        };
    }
}
