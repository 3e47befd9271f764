using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel.Display;

/// <summary>
/// Determines which types have formatters that a cell, a library, or an attribute of the type has registered.
/// </summary>
internal static class RegisteredFormatters
{
    // The kernel displays data frames like all other tables, and charts without a network connection.
    private static readonly string[] ShownByKernel = [ValueTable.DataFrame, ChartTree.TypeName];
    private static readonly ConditionalWeakTable<ITypeFormatter, object> Superseded = [];

    /// <summary>Returns whether the type has a formatter for HTML or plain text that is not a default one.</summary>
    public static bool Has(Type type)
    {
        // Requesting the formatter also makes the package look for the attribute.
        var isRegistered = IsRegistered(type, HtmlFormatter.MimeType) | IsRegistered(type, PlainTextFormatter.MimeType);
        return isRegistered || (HasSource(type) && !IsShownByKernel(type));
    }

    // If several registered formatters apply to a type, the package combines them into one, for the type of the first
    // of them. Among formatters for the same type, the one registered last comes first.
    private static bool IsRegistered(Type type, string mimeType)
    {
        var preferred = Formatter.GetPreferredFormatterFor(type, mimeType);
        var first = Formatter.RegisteredFormatters(includeDefaults: false)
            .FirstOrDefault(registered => registered.MimeType == mimeType && registered.Type == preferred.Type);
        return first is not null && !Superseded.TryGetValue(first, out _);
    }

    // The package counts the formatters of this attribute as its defaults. It accepts an attribute with this name from
    // any library.
    private static bool HasSource(Type type) =>
        type.GetCustomAttributes(inherit: true).Any(attribute => attribute.GetType().Name == nameof(TypeFormatterSourceAttribute));

    private static bool IsShownByKernel(Type? type) =>
        type is not null && (ShownByKernel.Contains(type.FullName) || IsShownByKernel(type.BaseType));

    /// <summary>
    /// Returns an action to run after an extension is loaded. It disables the formatters that the extension has
    /// registered since this call for types that the kernel displays itself. Formatters that cells and libraries
    /// register are not affected.
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
