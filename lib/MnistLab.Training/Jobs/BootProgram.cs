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
/// Represents the process that compiles and runs the boot file of a job. It is separate from the supervising process
/// that starts it: if the boot file exits, crashes, or exhausts the memory, the supervising process can still record
/// the reason and upload the outputs.
/// </summary>
internal sealed partial class BootProgram(JobFolder folder, TimeProvider time)
{
    public const string Command = "boot";

    /// <summary>
    /// The line that the supervising process writes to the standard input to ask the boot file to stop.
    /// </summary>
    public const string StopRequest = "stop";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>
    /// Compiles and runs the boot file. Returns its exit code, or 1 if it throws or does not compile.
    /// </summary>
    public async Task<int> RunAsync()
    {
        var place = WorkerPlace.Current;
        // The first worker writes to the launcher's output, which the supervising process logs.
        if (place.IsFirst) JoinErrorsToOutput();
        else DetachedProcess.PrintTo(folder.LogOf(place.Index));
        if (!place.IsAlone) _ = new HeartbeatWriter(folder.HeartbeatOf(place.Index));
        var output = TextWriter.Synchronized(
            new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true });
        Console.SetOut(output);
        Console.SetError(output);
        new Thread(place.IsFirst ? ListenToWorker : WatchForStop) { IsBackground = true }.Start();
        // The standard input is reserved for the supervising process.
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
        // Any exception of the user's program ends it; the log contains the reason.
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
            // Not on this thread: a cancellation callback of the boot file must not delay detecting that the
            // supervising process has ended.
            if (request == StopRequest) _ = _stopping.CancelAsync();
        }

        // The supervising process is gone, so the outputs would not be uploaded, and the job counts as ended.
        Process.GetCurrentProcess().Kill();
    }

    // Only the first worker receives the launcher's standard input. It passes the stop to the others through the run
    // loop; this thread covers boot files that wait outside the run loop.
    private void WatchForStop()
    {
        while (!folder.StopIsRequested) Thread.Sleep(PollInterval);
        _ = _stopping.CancelAsync();
    }

    // The supervising process determines the final status of the job, so it must be informed.
    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        folder.RequestStop();
    }

    /// <summary>
    /// Returns the description of an error in the boot file, with the stack trace down to the last frame in the user's
    /// own files; frames of the platform are omitted.
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

    // Redirects the file descriptor rather than Console.Error, so that messages of the runtime and of native libraries
    // also appear in the same output, in order.
    private static void JoinErrorsToOutput()
    {
        if (!OperatingSystem.IsWindows()) _ = Dup2(1, 2);
    }

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Dup2(int source, int target);
}
