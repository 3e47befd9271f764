using Microsoft.DotNet.Interactive;

// So that cells see the methods without a using, as in .NET Interactive.
namespace System;

/// <summary>Ways to display a value from within a cell.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows the value, in the forms that its type prefers or in those that are asked for.</summary>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) => KernelInvocationContext.Current.Display(value, mimeTypes);

    /// <summary>Shows text that is already in the form of this mime type, such as <c>text/html</c>.</summary>
    public static DisplayedValue DisplayAs(this string value, string mimeType) => KernelInvocationContext.Current.DisplayAs(value, mimeType);
}
