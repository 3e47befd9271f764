namespace MnistLab.Benchmarks;

/// <summary>
/// Compares the Jupyter kernel, as a front end sees it, with that of .NET Interactive in the same run.
/// </summary>
internal static class KernelBenchmark
{
    private const int Starts = 5;
    private const int Cells = 420;
    private const int Completions = 20;
    private const int LateCompletions = 3;
    private const int Lines = 20_000;

    // Long enough for the background work of both kernels after their first cell.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Report report)
    {
        if (!BenchmarkedKernels.HavePeer(report, "kernel, against .NET Interactive")) return;
        using var kernels = await BenchmarkedKernels.InstallAsync();
        await StartsAsync(report, kernels);
        await CompletionsAsync(report, kernels);
        await CellsAsync(report, kernels);
        await PrintedLinesAsync(report, kernels);
    }

    private static async Task StartsAsync(Report report, BenchmarkedKernels kernels)
    {
        var (ours, peer) = (new StartTimes([], []), new StartTimes([], []));
        for (var i = 0; i < Starts; i++)
        {
            await StartAsync(kernels.Ours, ours);
            await StartAsync(kernels.Peer, peer);
        }

        report.AtMost(
            "kernel: start to first result, median", Comparison.OfMedians(ours.Results, peer.Results, "ms"), 0.2);
        report.AtMost(
            "kernel: first completion, median", Comparison.OfMedians(ours.Completions, peer.Completions, "ms"), 1);
    }

    private static async Task StartAsync(string folder, StartTimes times)
    {
        BenchmarkedKernel? kernel = null;
        try
        {
            times.Results.Add(await BenchmarkedKernels.TimeAsync(() =>
            {
                kernel = new BenchmarkedKernel(folder);
                return kernel.RunAsync("var text = \"\"; 1 + 1");
            }));
            times.Completions.Add(await BenchmarkedKernels.TimeAsync(() => kernel!.CompleteAsync("text.")));
        }
        finally
        {
            kernel?.Dispose();
        }
    }

    private static async Task CompletionsAsync(Report report, BenchmarkedKernels kernels)
    {
        using var ours = new BenchmarkedKernel(kernels.Ours);
        using var peer = new BenchmarkedKernel(kernels.Peer);
        foreach (var kernel in new[] { ours, peer }) await kernel.CompleteAsync("Console.");
        var measured = await BenchmarkedKernels.InTurnAsync(ours, peer, Completions, CompleteAsync);
        report.AtMost("kernel: completion when warm, median", measured, 1);
    }

    private static async Task CellsAsync(Report report, BenchmarkedKernels kernels)
    {
        using var ours = new BenchmarkedKernel(kernels.Ours);
        using var peer = new BenchmarkedKernel(kernels.Peer);
        foreach (var kernel in new[] { ours, peer }) await kernel.RunAsync("1 + 1");
        await Task.Delay(Rest);
        report.AtMost("kernel: resident when idle", Resident(), 0.5);

        var cells = await BenchmarkedKernels.InTurnAsync(
            ours, peer, Cells, (kernel, i) => kernel.RunAsync(FormattableString.Invariant($"var x{i} = {i}; x{i}")));
        report.AtMost("kernel: round trip of a small cell, median", cells, 0.8);
        report.AtMost($"kernel: resident after {Cells} small cells", Resident(), 0.4);

        var completions = await BenchmarkedKernels.InTurnAsync(ours, peer, LateCompletions, CompleteAsync);
        report.AtMost($"kernel: completion after {Cells} small cells, median", completions, 0.2);

        Comparison Resident() => new(ours.ResidentMegabytes, peer.ResidentMegabytes, "MB");
    }

    private static Task CompleteAsync(BenchmarkedKernel kernel, int round) =>
        kernel.CompleteAsync(round % 2 == 0 ? "Console.Wr" : "DateTime.UtcN");

    private static async Task PrintedLinesAsync(Report report, BenchmarkedKernels kernels)
    {
        using var ours = new BenchmarkedKernel(kernels.Ours);
        using var peer = new BenchmarkedKernel(kernels.Peer);
        foreach (var kernel in new[] { ours, peer }) await kernel.RunAsync("1 + 1");
        var expected = string.Join('\n', Enumerable.Range(0, Lines)) + "\n";
        var measured = await BenchmarkedKernels.InTurnAsync(ours, peer, 1, PrintAsync);
        report.AtMost("kernel: 20,000 printed lines", measured, 0.1);

        async Task PrintAsync(BenchmarkedKernel kernel, int round)
        {
            var printed = await kernel.PrintAsync($"for (var i = 0; i < {Lines}; i++) Console.WriteLine(i);");
            if (printed.ReplaceLineEndings("\n") == expected) return;
            throw new InvalidOperationException($"Only {printed.Length} characters of {Lines} printed lines arrived.");
        }
    }

    private sealed record StartTimes(List<double> Results, List<double> Completions);
}
