using MnistLab.Benchmarks;

// dotnet run -c Release --project tests/MnistLab.Benchmarks [-- NAME…]: all benchmarks, or those named.
// choose-NAME, such as choose-best, is the cross-validation of one candidate (a quarter of an hour), and runs only when named.
var benchmarks = new Dictionary<string, Func<Report, Task>>
{
    ["idx"] = IdxBenchmark.RunAsync,
    ["kernel"] = KernelBenchmark.RunAsync,
    ["store"] = StoreBenchmark.RunAsync,
    ["loop"] = OverheadBenchmark.LoopAsync,
    ["files"] = OverheadBenchmark.FilesAsync,
    ["fast"] = TrainingBenchmark.FastAsync,
    ["serving"] = ServingBenchmark.RunAsync,
    ["best"] = TrainingBenchmark.BestAsync,
    ["runner"] = RunnerBenchmark.RunAsync,
    ["workers"] = WorkersBenchmark.RunAsync,
};
foreach (var name in CrossValidation.Candidates.Keys) benchmarks[$"choose-{name}"] = report => CrossValidation.RunAsync(report, name);
if (args is [WorkersRun.Argument, var model, var batchSize, var threads, var steps])
{
    WorkersRun.Run(model, batchSize, threads, steps);
    return 0;
}

if (args is [BareService.Argument]) return await BareService.RunAsync();
var unknown = args.Except(benchmarks.Keys).ToArray();
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"There is no benchmark {string.Join(", ", unknown)}. Name some of {string.Join(", ", benchmarks.Keys)}, or none for all.");
    return 2;
}

var report = new Report(Console.Out);
report.WriteHeader();
foreach (var (name, run) in benchmarks.Where(item => args.Length == 0 ? !item.Key.StartsWith("choose-", StringComparison.Ordinal) : args.Contains(item.Key))) await run(report);
return report.IsWithinLimits ? 0 : 1;
