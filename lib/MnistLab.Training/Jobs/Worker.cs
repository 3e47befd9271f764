using System.Diagnostics;
using System.Globalization;
using MnistLab.Data;
using MnistLab.UserCode;

namespace MnistLab.Training;

/// <summary>The process that works on one version of a job: fetches the code, compiles the boot file, runs it, and keeps the log.</summary>
internal sealed class Worker(string jobFolder, IObjectStore store, TimeProvider time)
{
    public const string Command = "worker";
    public const string LogName = "worker-0.log";

    /// <summary>Works on the job; 0 if its boot file ended well.</summary>
    public async Task<int> RunAsync()
    {
        var record = JobRecord.Read(jobFolder);
        int exitCode;
        await using (var log = new StreamWriter(Path.Combine(jobFolder, LogName)) { AutoFlush = true })
        {
            Console.SetOut(new TeeWriter(Console.Out, log));
            exitCode = await RunBootFileAsync(record with { Phase = JobPhase.Running });
        }

        var phase = exitCode == 0 ? JobPhase.Completed : JobPhase.Failed;
        record = record with { Phase = phase, Ended = time.GetUtcNow(), ExitCode = exitCode };
        record.Write(jobFolder);
        await store.PutFileAsync(record.OutputUrl / LogName, Path.Combine(jobFolder, LogName));
        await store.PutTextAsync(record.OutputUrl / JobRecord.FileName, record.ToJson());
        return exitCode;
    }

    private async Task<int> RunBootFileAsync(JobRecord record)
    {
        record.Write(jobFolder);
        var codes = Path.Combine(jobFolder, "codes");
        var appUrl = ObjectUrl.Parse(record.AppUrl);
        try
        {
            await TimedAsync("code downloaded", () => store.DownloadFolderAsync(appUrl, codes));
            var bootFile = Path.Combine(codes, appUrl.RelativeKeyOf(ObjectUrl.Parse(record.BootFileUrl)));
            UserAssembly? program = null;
            await TimedAsync("boot file compiled", () => Task.Run(() => program = UserCodeCompiler.Compile([bootFile])));
            using (program)
            {
                Console.WriteLine($"[worker-0] running {record.BootFileUrl}");
                var exitCode = 0;
                await TimedAsync("boot file ended", async () => exitCode = await program!.RunMainAsync(Arguments(record)));
                return exitCode;
            }
        }
        // Whatever the user's program throws ends the job, not the worker: it still has a log to deliver.
        catch (Exception error)
        {
            Console.WriteLine(error is UserCodeException or ObjectStoreException ? error.Message : error.ToString());
            return 1;
        }
    }

    private static string[] Arguments(JobRecord record) =>
    [
        $"--data_url={record.DataUrl}",
        $"--train_url={record.OutputUrl}",
        .. record.Parameters.Select(parameter => $"--{parameter.Key}={parameter.Value}"),
    ];

    private static async Task TimedAsync(string what, Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[worker-0][Duration: {watch.Elapsed.TotalSeconds:F1}s] {what}"));
    }
}
