using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MnistLab.Hosting;
using MnistLab.Models.UserCode;
using MnistLab.Storage;
using MnistLab.Training.Workers;

namespace MnistLab.Training.Jobs;

/// <summary>
/// The process that compiles and runs the boot file of a job. It is separate from the worker that starts it: whatever
/// the boot file does,
/// exit, crash, use up the memory, the worker is there to record the reason and to deliver the outputs.
/// </summary>
internal sealed partial class BootProgram(JobFolder folder, TimeProvider time)
{
    public const string Command = "boot";

    /// <summary>The line on the standard input by which the worker asks the boot file to stop.</summary>
    public const string StopRequest = "stop";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>
    /// Compiles and runs the boot file, and returns its exit code: 1 if it throws or does not compile.
    /// </summary>
    public async Task<int> RunAsync()
    {
        var place = WorkerPlace.Current;
        // The output of the first worker is that of its launcher, which the supervising process keeps.
        if (place.IsFirst) JoinErrorsToOutput();
        else DetachedProcess.PrintTo(folder.LogOf(place.Index));
        if (!place.IsAlone) _ = new HeartbeatWriter(folder.HeartbeatOf(place.Index));
        var output = TextWriter.Synchronized(
            new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true });
        Console.SetOut(output);
        Console.SetError(output);
        new Thread(place.IsFirst ? ListenToWorker : WatchForStop) { IsBackground = true }.Start();
        // The standard input belongs to the worker.
        Console.SetIn(TextReader.Null);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);

        var record = folder.Read();
        var name = ObjectUrl.Parse(record.AppUrl).RelativeKeyOf(ObjectUrl.Parse(record.BootFileUrl));
        var bootFile = Path.Combine(folder.Codes, name);
        try
        {
            var watch = Stopwatch.StartNew();
            using var program = UserCodeCompiler.Compile([bootFile], _stopping.Token);
            var duration = watch.Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
            folder.AddEvent(time, $"[{place.Name}][Duration: {duration}s] boot file compiled");
            folder.AddEvent(time, $"[{place.Name}] running {record.BootFileUrl}");
            JobEnvironment.Stopping = _stopping.Token;
            JobEnvironment.Origin = new JobOrigin(
                record.JobName, record.Version, record.AppUrl, record.BootFileUrl, record.DataUrl, record.WorkerCount);
            return await program.RunMainAsync(Arguments(record));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested || folder.StopIsRequested)
        {
            return 1;
        }
        // Whatever the user's program throws is the end of it, and the log tells why.
        catch (Exception error)
        {
            var isExplained = error
                is UserCodeException or ObjectStoreException or ScratchFolderException or TrainingSettingException;
            await output.WriteLineAsync(isExplained ? error.Message : Explain(error));
            return 1;
        }
    }

    private void ListenToWorker()
    {
        using var requests = new StreamReader(Console.OpenStandardInput());
        while (requests.ReadLine() is { } request)
        {
            // Not on this thread: a callback of the boot file must not keep it from noticing the end of the worker.
            if (request == StopRequest) _ = _stopping.CancelAsync();
        }

        // The worker is gone: nobody delivers what this program makes, and the job counts as ended.
        Process.GetCurrentProcess().Kill();
    }

    // Only the first worker has the standard input of its launcher. The run loop learns of the stop from it; this is
    // for boot files that wait by themselves.
    private void WatchForStop()
    {
        while (!folder.StopIsRequested) Thread.Sleep(PollInterval);
        _ = _stopping.CancelAsync();
    }

    // The worker decides how the job ends, so it has to know.
    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        folder.RequestStop();
    }

    /// <summary>
    /// Describes an error of the boot file down to the calls in its own files; how the platform came to call those is
    /// of no interest to its user.
    /// </summary>
    private string Explain(Exception error)
    {
        var lines = error.ToString().Split(Environment.NewLine);
        var last = Array.FindLastIndex(lines, line => line.Contains(folder.Codes, StringComparison.Ordinal));
        return string.Join(Environment.NewLine, last < 0 ? lines : lines[..(last + 1)]);
    }

    private string[] Arguments(JobRecord record) =>
    [
        $"--data_url={record.DataUrl}",
        $"--train_url={record.OutputUrl}",
        $"--log_dir={folder.Run}",
        .. record.Parameters.Select(parameter => $"--{parameter.Key}={parameter.Value}"),
    ];

    // By number, not through Console: the last words of the runtime and of native libraries take the same way, and so
    // keep their place.
    private static void JoinErrorsToOutput()
    {
        if (!OperatingSystem.IsWindows()) _ = Dup2(1, 2);
    }

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Dup2(int source, int target);
}
