using System.Reflection;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Notebooks;

/// <summary>
/// An output of a cell that changes while the cell runs. Kernels offer it under one name, <c>KernelInvocationContext.Current.Display(…).Update(…)</c>, in assemblies of
/// their own, so it is looked up when it is needed. Where no cell runs nothing is shown.
/// </summary>
internal sealed class LiveDisplay
{
    private const string ContextName = "Microsoft.DotNet.Interactive.KernelInvocationContext";

    private readonly object? _displayed;
    private readonly MethodInfo? _update;

    private LiveDisplay(object? displayed)
    {
        _displayed = displayed;
        _update = displayed?.GetType().GetMethod("Update", [typeof(object)]);
    }

    /// <summary>Shows a value, in the form that its type is registered for.</summary>
    public static LiveDisplay Show(object value)
    {
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assembly.GetType(ContextName) is { } type && Current(type) is { } context) return new LiveDisplay(Display(type, context, value));
        }

        return new LiveDisplay(null);
    }

    /// <summary>Shows what the value has become.</summary>
    public void Update(object value) => _update?.Invoke(_displayed, [value]);

    private static object? Current(Type type)
    {
        try
        {
            return type.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
        }
        // The code was not started by a cell.
        catch (TargetInvocationException error) when (error.InnerException is InvalidOperationException)
        {
            return null;
        }
    }

    private static object? Display(Type type, object context, object value)
    {
        string[] forms = [HtmlFormatter.MimeType];
        if (type.GetMethod("Display", [typeof(object), typeof(string[])]) is { } own) return own.Invoke(context, [value, forms]);
        return type.Assembly.GetType($"{ContextName}Extensions")?.GetMethod("Display", [type, typeof(object), typeof(string[])])?.Invoke(null, [context, value, forms]);
    }
}
