using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.Playwright;

namespace MnistLab.Studio.Tests.Console;

/// <summary>The notebook code that a screen shows, which must be valid as it is.</summary>
internal static class NotebookSnippet
{
    private static readonly string[] Imports =
    [
        "System", "System.Collections.Generic", "System.Linq", "System.Text", "System.Threading.Tasks",
    ];

    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("MnistLab.", StringComparison.Ordinal)))
            .Select(file => MetadataReference.CreateFromFile(file)),
    ]);

    /// <summary>Requires that the code of the page compiles in a notebook, and returns it.</summary>
    public static async Task<string> RequireAsync(IPage page)
    {
        var code = await page.Locator(".snippet code").First.TextContentAsync() ?? "";
        Assert.StartsWith("#r \"../artifacts/lib/MnistLab.Notebooks.dll\"\n", code, StringComparison.Ordinal);
        // The library is that of the tests.
        var script = CSharpScript.Create<object>(
            code[(code.IndexOf('\n', StringComparison.Ordinal) + 1)..], ScriptOptions.Default.WithReferences(References.Value).WithImports(Imports));
        Assert.Empty(script.Compile(TestContext.Current.CancellationToken).Where(problem => problem.Severity == DiagnosticSeverity.Error));
        return code;
    }
}
