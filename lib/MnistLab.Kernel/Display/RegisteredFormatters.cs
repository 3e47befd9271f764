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
        var html = Formatter.GetPreferredFormatterFor(type, HtmlFormatter.MimeType);
        var text = Formatter.GetPreferredFormatterFor(type, PlainTextFormatter.MimeType);
        return (HasSource(type) && !IsShownByKernel(type)) || Formatter.RegisteredFormatters(includeDefaults: false)
            .Any(registered => (ReferenceEquals(registered, html) || ReferenceEquals(registered, text)) && !Superseded.TryGetValue(registered, out _));
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
