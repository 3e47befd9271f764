using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

/// <summary>
/// Tests formatters that cells register. They apply to the whole process, so each notebook runs in a separate one.
/// </summary>
public sealed class FormatterTests
{
    private const string Usings = """
        using Microsoft.DotNet.Interactive.Formatting;

        """;

    [Fact]
    public async Task FormatterOfACell_ForCharts_IsUsed() => await RunAsync(
        (Usings + """
            #r "nuget: Plotly.NET.Interactive, 6.0.0"
            #r "nuget: Plotly.NET.CSharp, 0.14.0"
            using Plotly.NET;
            var chart = Plotly.NET.CSharp.Chart.Line<int, int, string>(x: new[] { 1, 2 }, y: new[] { 3, 1 });
            """, null),
        ("chart", "class=\"plotly-chart\""),
        ("Formatter.Register<GenericChart>(chart => \"<b>mine</b>\", \"text/html\");\nchart", "<b>mine</b>"),
        ("Formatter.Register<GenericChart>(chart => \"<b>newer</b>\", \"text/html\");\nchart", "<b>newer</b>"),
        ("chart.Display(\"text/html\");", "<b>newer</b>"),
        ("Formatter.ResetToDefault();\nchart", "class=\"plotly-chart\""));

    [Fact]
    public async Task FormatterOfACell_ThatAnExtensionFollows_IsReplacedByTheKernelsDisplay() => await RunAsync(
        ("#r \"nuget: Plotly.NET, 6.0.0\"\n"
            + Usings
            + "Formatter.Register<Plotly.NET.GenericChart>(chart => \"<b>mine</b>\", \"text/html\");", null),
        ("""
            #r "nuget: Plotly.NET.Interactive, 6.0.0"
            #r "nuget: Plotly.NET.CSharp, 0.14.0"
            Plotly.NET.CSharp.Chart.Line<int, int, string>(x: new[] { 1, 2 }, y: new[] { 3, 1 })
            """, "class=\"plotly-chart\""));

    [Fact]
    public async Task FormattersOfCells_WhateverTheyAreFor_AreUsedAndTheLatestOfTheNearestTypeWins() => await RunAsync(
        (Usings + """
            interface IShape { }
            class Shape : IShape { public int Sides { get; set; } }
            class Square : Shape { }
            class Box<T> { public T Content { get; set; } }
            """, null),
        ("new Square()", "<th>Sides</th>"),
        ("Formatter.Register<IShape>(value => \"<i>shape</i>\", \"text/html\");\nnew Square()", "<i>shape</i>"),
        ("Formatter.Register<Square>(value => \"<i>square</i>\", \"text/html\");\nnew Square()", "<i>square</i>"),
        ("new Shape()", "<i>shape</i>"),
        ("Formatter.Register<Square>(value => \"<i>newer</i>\", \"text/html\");\nnew Square()", "<i>newer</i>"),
        ("Formatter.Register<IShape>(value => \"<i>other</i>\", \"text/html\");\nnew Square()", "<i>newer</i>"),
        ("new Shape()", "<i>other</i>"),
        ("new[] { new Shape() }.ToDictionary(shape => \"key\")", "<i>other</i>"),
        ("Formatter.Register(typeof(Box<>), (value, writer) => writer.Write(\"<i>box</i>\"), \"text/html\");\nnew Box<int>()", "<i>box</i>"),
        ("Formatter.Register(typeof(Box<>), (value, writer) => writer.Write(\"<i>newer box</i>\"), \"text/html\");\nnew Box<string>()", "<i>newer box</i>"),
        ("Formatter.Register<Box<string>>(value => \"<i>box of text</i>\", \"text/html\");\nnew Box<string>()", "<i>box of text</i>"),
        ("Formatter.Register<Square>(value => \"$square$\", \"text/latex\");\nnew Square().Display(\"text/latex\");", "$square$"),
        ("Formatter.SetPreferredMimeTypesFor(typeof(Square), \"text/latex\");\nnew Square()", "$square$"),
        ("Formatter.Register<Square>((value, context) => false, \"text/html\");\nnew Square().Display(\"text/html\");", "<i>newer</i>"),
        ("Formatter.ResetToDefault();\nnew Square()", "<th>Sides</th>"),
        ("new Box<int> { Content = 7 }", "<th>Content</th><td>7</td>"));

    private static async Task RunAsync(params (string Code, string? Shown)[] cells)
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("formatters.ipynb", [.. cells.Select(cell => cell.Code)]);
        using var batch = NotebookBatch.Open([folder.Path], folder["out"], TimeProvider.System);
        var results = await batch.RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(results[0].Succeeded, results[0].Failure?.ToString());
        var executed = NotebookDocument.Read(results[0].Executed).Cells.Where(cell => cell.Kind == CellKind.Code).ToList();
        Assert.Equal(cells.Length, executed.Count);
        Assert.All(cells.Zip(executed), cell =>
        {
            if (cell.First.Shown is not { } shown) return;
            var data = cell.Second.Outputs[^1] is ResultOutput result
                ? result.Data
                : Assert.IsType<DisplayOutput>(cell.Second.Outputs[^1]).Data;
            Assert.Contains(shown, string.Join('\n', data.Select(form => form.Value)), StringComparison.Ordinal);
        });
    }
}
