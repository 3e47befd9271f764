using MnistLab.Benchmarks;
using MnistLab.Benchmarks.Reporting;
using MnistLab.Data.Workspaces;

// dotnet run -c Release --project tests/MnistLab.Benchmarks [-- NAME…]: runs all benchmarks, or those named.
// choose-NAME, such as choose-best, is the cross-validation of one candidate (a quarter of an hour); like soak, which
// takes half an hour, it runs only when named. publish writes the last report to the project, and its table to the
// README.
var benchmarks = new Dictionary<string, Func<Report, Task>>
{
    ["idx"] = IdxBenchmark.RunAsync,
    ["kernel"] = KernelBenchmark.RunAsync,
    ["store"] = StoreBenchmark.RunAsync,
    ["loop"] = OverheadBenchmark.LoopAsync,
    ["files"] = OverheadBenchmark.FilesAsync,
    ["pytorch"] = PyTorchBenchmark.RunAsync,
    ["fast"] = TrainingBenchmark.FastAsync,
    ["serving"] = ServingBenchmark.RunAsync,
    ["studio"] = StudioBenchmark.RunAsync,
    ["first-run"] = FirstRunBenchmark.RunAsync,
    ["growth"] = GrowthBenchmark.RunAsync,
    ["fastapi"] = FastApiBenchmark.RunAsync,
    ["best"] = TrainingBenchmark.BestAsync,
    ["runner"] = RunnerBenchmark.RunAsync,
    ["workers"] = WorkersBenchmark.RunAsync,
};
string[] parts = [.. benchmarks.Keys];
foreach (var name in CrossValidation.Candidates.Keys)
    benchmarks[$"choose-{name}"] = report => CrossValidation.RunAsync(report, name);
benchmarks["soak"] = SoakBenchmark.RunAsync;
if (args is [WorkersRun.Argument, var model, var batchSize, var threads, var steps])
{
    WorkersRun.Run(model, batchSize, threads, steps);
    return 0;
}

if (args is [BareService.Argument, .. var settings])
    return await BareService.RunAsync(settings.Contains(BareService.Tuned), settings.Contains(BareService.Grpc));
var root = Workspace.Find().Root;
var folder = Path.Combine(root, "artifacts", "benchmarks");
if (args is ["publish"])
{
    PublishedReport.Publish(root, folder);
    return 0;
}

var unknown = args.Except(benchmarks.Keys).ToArray();
if (unknown.Length > 0)
{
    Console.Error.WriteLine(
        $"There is no benchmark {string.Join(", ", unknown)}. Name some of {string.Join(", ", benchmarks.Keys)}, or none for all.");
    return 2;
}

var report = new Report(Console.Out);
report.WriteHeader();
List<Part> results = [];
foreach (var name in args.Length == 0 ? parts : args)
{
    results.Add(await report.RunAsync(name, benchmarks[name]));
    // Written after each part, so that a failure of a later part, or Ctrl+C, loses nothing.
    ReportFiles.Write(folder, results, [.. benchmarks.Keys]);
}

Console.WriteLine($"The report: {Path.Combine(folder, "report.html")}, and report.md beside it.");
return report.IsWithinLimits ? 0 : 1;
