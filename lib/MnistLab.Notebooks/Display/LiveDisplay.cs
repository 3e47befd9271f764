using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Notebooks.Display;

/// <summary>An output of a cell that changes while the cell runs. Where no cell runs nothing is shown.</summary>
internal sealed class LiveDisplay
{
    private readonly Action<object>? _update;

    private LiveDisplay(Action<object>? update) => _update = update;

    /// <summary>Gets the token that an interruption of the running cell cancels; none where no cell runs.</summary>
    public static CancellationToken CellToken => IsInKernel ? TokenOfCell() : CancellationToken.None;

    /// <summary>Shows a value as HTML.</summary>
    public static LiveDisplay Show(object value) => new(IsInKernel ? Display(value) : null);

    /// <summary>Shows what the value has become.</summary>
    public void Update(object value) => _update?.Invoke(value);

    // A program that is not a kernel has no copy of the kernels' API.
    private static bool IsInKernel => AppDomain.CurrentDomain.GetAssemblies()
        .Any(assembly => assembly.GetName().Name == "Microsoft.DotNet.Interactive");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Action<object>? Display(object value) =>
        KernelInvocationContext.Current is { } context ? context.Display(value, HtmlFormatter.MimeType).Update : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CancellationToken TokenOfCell() => KernelInvocationContext.Current?.CancellationToken ?? CancellationToken.None;
}
