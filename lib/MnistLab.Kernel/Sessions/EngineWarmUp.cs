using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Libraries;

namespace MnistLab.Kernel.Sessions;

/// <summary>
/// Compiles and formats typical code on processors that the first cell leaves idle, so that the compiler is already
/// JIT-compiled when a cell needs it. The typical code is not run, and the results are discarded.
/// </summary>
internal static class EngineWarmUp
{
    private const string Typical = """
        record Point(int X, int Y);
        var points = Enumerable.Range(0, 3).Select(n => new Point(n, n * n)).ToList();
        foreach (var point in points) Console.WriteLine($"{point.X} {point.Y:F2}");
        await Task.Yield();
        points
        """;

    /// <summary>
    /// Starts the warm-up and returns immediately. Does nothing if there is only one processor, because the first cell
    /// needs it.
    /// </summary>
    public static void Start()
    {
        if (Environment.ProcessorCount == 1) return;
        _ = Task.Run(() => MimeBundleFormatter.Format(new Dictionary<string, int> { ["a"] = 1 }));
        _ = Task.Run(() => CSharpScript.Create<object>(Typical, ScriptOptions.Default
            .WithReferences(PlatformAssemblies.References.Values)
            .WithImports(CellPrelude.DefaultUsings)).Compile());
    }
}
