using System.Text;
using System.Text.Json.Nodes;
using MnistLab.EndToEnd;
using MnistLab.Kernel.Installation;
using MnistLab.Studio.Tests.Notebooks;
using MnistLab.Testing;

namespace MnistLab.Benchmarks;

/// <summary>
/// Measures the lab in a browser through headless Chromium: its start, cells compared with the same through the
/// kernel's protocol, many lines, large outputs, and memory.
/// </summary>
internal static class StudioBenchmark
{
    private const int Starts = 5;
    private const int Cells = 60;
    private const int WarmUps = 10;
    private const int Lines = 10_000;
    private const int Runs = 500;
    private const int RunsBefore = 100;
    private const int Megabyte = 1_000_000;

    public static async Task RunAsync(Report report)
    {
        if (InstalledProgram.Find("chromium") is null)
        {
            report.Skip("the lab in a browser", "chromium is not installed (.ci/run installs it)");
            return;
        }

        await using var workspace = new CopiedWorkspace();
        await using var browser = new BenchmarkedBrowser();
        await StartsAsync(report, workspace, browser);
        await using var studio = await BenchmarkedStudio.StartAsync(workspace);
        await CellsAsync(report, workspace, browser, studio);
        await LinesAsync(report, workspace, browser, studio);
        await TypingAsync(report, workspace, browser, studio);
        await MemoryAsync(report, workspace, browser, studio);
    }

    private static async Task StartsAsync(Report report, CopiedWorkspace workspace, BenchmarkedBrowser browser)
    {
        List<double> ready = [], usable = [], notebook = [];
        for (var i = 0; i < Starts; i++)
        {
            await using var studio = await BenchmarkedStudio.StartAsync(workspace);
            ready.Add(studio.StartSeconds);
            var first = await browser.OpenAsync(studio.Address, ".course h2 a");
            usable.Add(first.Seconds);
            var page = await browser.OpenNotebookAsync(studio, "notebooks/1-prepare.ipynb");
            notebook.Add(page.Seconds);
            await browser.ClosePagesAsync();
        }

        report.AtMostValue("Studio: process ready, median, s", Median(ready), 1.5, Row(ready));
        report.AtMostValue("Studio: first page usable after that, median, s", Median(usable), 1.5, Row(usable));
        report.Note($"  the second page, notebook 1 with its editor and a kernel, after {Median(notebook):F2} s");
    }

    // The same kernel, the same cell: with the browser, from the click until the result can be seen; without it, from
    // the request until the kernel is idle again.
    private static async Task CellsAsync(
        Report report, CopiedWorkspace workspace, BenchmarkedBrowser browser, BenchmarkedStudio studio)
    {
        NotebookFiles.Write(workspace.PathOf("cells.ipynb"), "var count = 0;", "++count");
        var (page, _) = await browser.OpenNotebookAsync(studio, "cells.ipynb");
        using var peer = new BenchmarkedKernel(WriteSpecification(workspace));
        await BenchmarkedBrowser.RunCellAsync(page, "c0", "");
        await peer.PrintAsync("var count = 0;");
        List<double> ours = [], peers = [];
        for (var i = 1; i <= WarmUps + Cells; i++)
        {
            var time = await BenchmarkedBrowser.RunCellAsync(page, "c1", $"{i}");
            var peerTime = await BenchmarkedKernels.TimeAsync(() => peer.PrintAsync("++count"));
            if (i <= WarmUps) continue;
            ours.Add(time);
            peers.Add(peerTime);
        }

        report.AtMost(
            "Studio: round trip of a cell, by the same through the kernel's protocol",
            Comparison.OfMedians(ours, peers, "ms"), 1.3);
        await browser.ClosePagesAsync();
    }

    private static async Task LinesAsync(
        Report report, CopiedWorkspace workspace, BenchmarkedBrowser browser, BenchmarkedStudio studio)
    {
        NotebookFiles.Write(
            workspace.PathOf("lines.ipynb"),
            $"for (var i = 1; i <= {Lines}; i++) Console.WriteLine($\"line {{i}} of many\");",
            "1");
        var (page, _) = await browser.OpenNotebookAsync(studio, "lines.ipynb");
        await BenchmarkedBrowser.RunCellAsync(page, "c1", "1");
        var time = await BenchmarkedBrowser.RunCellAsync(page, "c0", $"line {Lines} of many") / 1000;
        report.AtMostValue("Studio: 10,000 lines, s", time, 2, "");
        await browser.ClosePagesAsync();
    }

    private static async Task TypingAsync(
        Report report, CopiedWorkspace workspace, BenchmarkedBrowser browser, BenchmarkedStudio studio)
    {
        WriteLarge(workspace.PathOf("empty.ipynb"), 0);
        WriteLarge(workspace.PathOf("large.ipynb"), 10);
        var length = new FileInfo(workspace.PathOf("large.ipynb")).Length / (double)Megabyte;
        var (empty, _) = await browser.OpenNotebookAsync(studio, "empty.ipynb");
        var bare = await BenchmarkedBrowser.TypeAsync(empty, "c0");
        var (large, seconds) = await browser.OpenNotebookAsync(studio, "large.ipynb");
        var pause = await BenchmarkedBrowser.TypeAsync(large, "c0");
        report.AtMostValue(
            $"Studio: typing above {length:F0} MB of outputs, longest pause, ms", pause, 150, $"without outputs {bare:F0} ms");
        report.AtMostValue("Studio: opening that notebook, s", seconds, 5, "");
        await browser.ClosePagesAsync();
    }

    private static async Task MemoryAsync(
        Report report, CopiedWorkspace workspace, BenchmarkedBrowser browser, BenchmarkedStudio studio)
    {
        NotebookFiles.Write(
            workspace.PathOf("memory.ipynb"),
            "var count = 0;",
            """for (var i = 0; i < 100; i++) Console.WriteLine($"line {i}"); $"<b>run {++count}</b>".DisplayAs("text/html");""");
        var (page, _) = await browser.OpenNotebookAsync(studio, "memory.ipynb");
        await BenchmarkedBrowser.RunCellAsync(page, "c0", "");
        double before = 0, pageBefore = 0;
        for (var i = 1; i <= Runs; i++)
        {
            await BenchmarkedBrowser.RunCellAsync(page, "c1", $"run {i}");
            if (i != RunsBefore) continue;
            (before, pageBefore) = (studio.ResidentMegabytes, await BenchmarkedBrowser.HeapMegabytesAsync(page));
        }

        report.AtMost(
            $"Studio: resident after {Runs} runs of a cell, by that after {RunsBefore}",
            new Comparison(studio.ResidentMegabytes, before, "MB"), 1.1);
        report.AtMost(
            $"Studio: the page's heap after {Runs} runs of a cell, by that after {RunsBefore}",
            new Comparison(await BenchmarkedBrowser.HeapMegabytesAsync(page), pageBefore, "MB"), 1.1);
    }

    private static string WriteSpecification(CopiedWorkspace workspace)
    {
        var folder = Directory.CreateDirectory(workspace.PathOf("kernel")).FullName;
        var arguments = KernelSpecification.Own.Arguments.Select(argument => JsonValue.Create(argument));
        File.WriteAllText(
            Path.Combine(folder, "kernel.json"),
            new JsonObject { ["argv"] = new JsonArray([.. arguments]) }.ToJsonString());
        return folder;
    }

    // For each unit, outputs of 10 MB: text, a stream, HTML with and without scripts, and an image, of 2 MB each.
    private static void WriteLarge(string file, int units)
    {
        NotebookFiles.Write(file, [.. Enumerable.Range(0, 1 + (5 * units)).Select(i => $"// cell {i}\n")]);
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        var line = $"{new string('x', 99)}\n";
        var text = string.Concat(Enumerable.Repeat(line, 2 * Megabyte / line.Length));
        var rows = new StringBuilder();
        while (rows.Length < 2 * Megabyte) rows.Append($"<tr><td>{rows.Length}</td><td>{line}</td></tr>");
        var image = Convert.ToBase64String(new byte[3 * Megabyte / 2]);
        for (var i = 0; i < units; i++)
        {
            Add(1, "display_data", new() { ["data"] = new JsonObject { ["text/plain"] = text } });
            Add(2, "stream", new() { ["name"] = "stdout", ["text"] = text });
            Add(3, "display_data", Html($"<table>{rows}</table>"));
            Add(4, "display_data", Html($"<table>{rows}</table><script>document.title = 'x';</script>"));
            Add(5, "display_data", new() { ["data"] = new JsonObject { ["image/png"] = image } });

            void Add(int place, string type, JsonObject output)
            {
                output["output_type"] = type;
                if (type != "stream") output["metadata"] = new JsonObject();
                json["cells"]![(5 * i) + place]!["outputs"] = new JsonArray(output);
            }
        }

        File.WriteAllText(file, json.ToJsonString());
    }

    private static JsonObject Html(string html) => new() { ["data"] = new JsonObject { ["text/html"] = html } };

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Row(List<double> values) => string.Join(", ", values.Order().Select(Reporting.Row.Text));
}
