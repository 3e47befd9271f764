using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace MnistLab.Kernel;

/// <summary>
/// Compiles and formats what nearly every notebook does, on the processors that the first cell leaves idle: the runtime makes machine code of the compiler
/// as it is needed, and what is there already no cell waits for. Nothing of it runs, and nothing stays.
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

    /// <summary>Begins, and returns at once. Where there is only one processor, and the first cell needs it, nothing is done.</summary>
    public static void Start()
    {
        if (Environment.ProcessorCount == 1) return;
        _ = Task.Run(() => Forms.Of(new Dictionary<string, int> { ["a"] = 1 }));
        _ = Task.Run(() => CSharpScript.Create<object>(Typical, ScriptOptions.Default.WithReferences(PlatformAssemblies.References.Values).WithImports(ScriptChain.DefaultUsings)).Compile());
    }
}
