using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Notebooks.Display;

/// <summary>
/// Represents an output of a cell that is updated while the cell runs. Outside of a cell, nothing is shown.
/// </summary>
internal sealed class LiveDisplay
{
    private readonly Action<object>? _update;

    private LiveDisplay(Action<object>? update) => _update = update;

    /// <summary>
    /// Gets the token that is canceled if the running cell is interrupted; outside of a cell, a token that is never
    /// canceled.
    /// </summary>
    public static CancellationToken CellToken => IsInKernel ? TokenOfCell() : CancellationToken.None;

    /// <summary>Shows a value as HTML.</summary>
    public static LiveDisplay Show(object value) => new(IsInKernel ? Display(value) : null);

    /// <summary>Replaces the output by the current state of a value.</summary>
    public void Update(object value) => _update?.Invoke(value);

    // Outside of a kernel, the assembly of the kernel API may be missing: check before a method that uses it is called.
    private static bool IsInKernel => AppDomain.CurrentDomain.GetAssemblies()
        .Any(assembly => assembly.GetName().Name == "Microsoft.DotNet.Interactive");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Action<object>? Display(object value) =>
        KernelInvocationContext.Current is { } context ? context.Display(value, HtmlFormatter.MimeType).Update : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CancellationToken TokenOfCell() => KernelInvocationContext.Current?.CancellationToken ?? CancellationToken.None;
}
