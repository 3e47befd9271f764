using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MnistLab.Data;
using MnistLab.UserCode;

namespace MnistLab.Training;

/// <summary>The process that works on one version of a job: fetches the code, compiles the boot file, runs it, keeps the log, and uploads what appears.</summary>
internal sealed partial class Worker(JobFolder folder, string jobsFolder, IObjectStore store, TimeProvider time)
{
    public const string Command = "worker";

    /// <summary>How long a program that was asked to stop may go on.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan UploadInterval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Works on the job; 0 if its boot file ended well.</summary>
    public async Task<int> RunAsync()
    {
        // A session of its own: what ends the notebook's process group does not end its jobs.
        if (!OperatingSystem.IsWindows()) _ = SetSid();
        using var alive = await LockAsync();
        var record = folder.Read();
        if (record.Phase.IsFinal()) return 1;
        await using var log = new StreamWriter(new FileStream(folder.Log, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
        var writer = TextWriter.Synchronized(log);
        Console.SetOut(writer);
        Console.SetError(writer);
        AppDomain.CurrentDomain.UnhandledException += (_, e) => writer.WriteLine(e.ExceptionObject);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);

        record = record with { Phase = JobPhase.Pending, ProcessId = Environment.ProcessId };
        folder.Write(record);
        var watching = WatchForStopAsync();
        using var slot = await WaitForSlotAsync(record.SimultaneousJobs);
        if (slot is null) return await EndAsync(record, new OutputUpload(folder, store, record.OutputUrl), 0, watching);

        record = record with { Phase = JobPhase.Running, Started = time.GetUtcNow() };
        folder.Write(record);
        if (record.MaxDuration is { } duration) _ = StopAfterAsync(duration);
        var upload = new OutputUpload(folder, store, record.OutputUrl);
        var uploading = UploadAsync(upload);
        var exitCode = await RunBootFileAsync(record);
        await _ended.CancelAsync();
        await uploading;
        return await EndAsync(record, upload, exitCode, watching);
    }

    private async Task<int> RunBootFileAsync(JobRecord record)
    {
        var appUrl = ObjectUrl.Parse(record.AppUrl);
        try
        {
            await TimedAsync("code downloaded", () => store.DownloadFolderAsync(appUrl, folder.Codes, cancellationToken: _stopping.Token));
            var bootFile = Path.Combine(folder.Codes, appUrl.RelativeKeyOf(ObjectUrl.Parse(record.BootFileUrl)));
            UserAssembly? program = null;
            await TimedAsync("boot file compiled", () => Task.Run(() => program = UserCodeCompiler.Compile([bootFile])));
            using (program)
            {
                folder.AddEvent(time, $"[worker-0] running {record.BootFileUrl}");
                JobEnvironment.Stopping = _stopping.Token;
                var exitCode = 0;
                await TimedAsync("boot file ended", async () => exitCode = await EndedInTimeAsync(Task.Run(() => program!.RunMainAsync(Arguments(record)))));
                return exitCode;
            }
        }
        // Whatever the user's program throws ends the job, not the worker: it still has outputs to deliver.
        catch (Exception error)
        {
            if (error is OperationCanceledException && _stopping.IsCancellationRequested) return 1;
            Console.WriteLine(error is UserCodeException or ObjectStoreException ? error.Message : Explain(error));
            return 1;
        }
    }

    /// <summary>The program's exit code, or 1 if it goes on too long after it was asked to stop.</summary>
    private async Task<int> EndedInTimeAsync(Task<int> program)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = _stopping.Token.Register(() => stopped.TrySetResult());
        if (await Task.WhenAny(program, stopped.Task) != program && await Task.WhenAny(program, Task.Delay(Grace, time)) != program)
        {
            folder.AddEvent(time, $"[worker-0] the program went on for {Grace.TotalSeconds:F0} s, and is ended");
            return 1;
        }

        return await program;
    }

    /// <summary>Delivers the outputs, and writes down how the job ended.</summary>
    private async Task<int> EndAsync(JobRecord record, OutputUpload upload, int exitCode, Task watching)
    {
        await _ended.CancelAsync();
        await watching;
        var phase = exitCode == 0 && record.Phase == JobPhase.Running ? JobPhase.Completed : _stopping.IsCancellationRequested ? JobPhase.Terminated : JobPhase.Failed;
        try
        {
            await TimedAsync("outputs uploaded", () => upload.SyncAsync(CancellationToken.None));
            folder.AddEvent(time, phase.ToString().ToLowerInvariant());
            record = record with { Phase = phase, Ended = time.GetUtcNow(), ExitCode = exitCode };
            await upload.SyncAsync(CancellationToken.None);
            await store.PutTextAsync(record.OutputUrl / JobRecord.FileName, record.ToJson());
        }
        catch (ObjectStoreException error)
        {
            Console.WriteLine($"The outputs could not be uploaded: {error.Message} They are in {folder.Path}.");
            folder.AddEvent(time, "failed: the outputs could not be uploaded");
            record = record with { Phase = JobPhase.Failed, Ended = time.GetUtcNow(), ExitCode = exitCode = 1 };
        }

        folder.Write(record);
        return exitCode;
    }

    private async Task<FileStream> LockAsync()
    {
        // Somebody who looks whether the worker lives has it for a moment.
        while (true)
        {
            if (folder.TryLock() is { } taken) return taken;
            await Task.Delay(PollInterval, time);
        }
    }

    /// <summary>A place among those that may run at once; null if the job was stopped before there was one. The place is free again when this process has ended, however.</summary>
    private async Task<FileStream?> WaitForSlotAsync(int slots)
    {
        for (var isQueued = false; !_stopping.IsCancellationRequested; isQueued = true)
        {
            for (var slot = 0; slot < slots; slot++)
            {
                try
                {
                    return new FileStream(Path.Combine(jobsFolder, string.Create(CultureInfo.InvariantCulture, $"slot-{slot}.lock")), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                }
                catch (IOException) when (Directory.Exists(jobsFolder))
                {
                    // Taken.
                }
            }

            if (!isQueued) folder.AddEvent(time, $"queued: {slots} jobs run already");
            await Task.Delay(PollInterval, time);
        }

        return null;
    }

    private async Task WatchForStopAsync()
    {
        while (!_ended.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            if (folder.StopIsRequested) Stop("stopping, on request");
            await Task.Delay(PollInterval, time);
        }
    }

    private async Task StopAfterAsync(TimeSpan duration)
    {
        await Task.Delay(duration, time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_ended.IsCancellationRequested) Stop($"stopping, after {duration}");
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Stop("stopping, on a signal of the system");
    }

    private void Stop(string message)
    {
        lock (_stopping)
        {
            if (_stopping.IsCancellationRequested) return;
            folder.AddEvent(time, message);
            _stopping.Cancel();
        }
    }

    private async Task UploadAsync(OutputUpload upload)
    {
        var lastError = "";
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await upload.SyncAsync(_ended.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error) when (error is ObjectStoreException or IOException)
            {
                // The next time tries again, and the last time is not forgiven.
                if (error.Message != lastError) folder.AddEvent(time, $"[worker-0] outputs are not uploaded yet: {lastError = error.Message}");
            }

            await Task.Delay(UploadInterval, time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>An error of the user's program, with the calls down to its own files; how the worker came to call those is of no interest to its user.</summary>
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

    private async Task TimedAsync(string what, Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        folder.AddEvent(time, string.Create(CultureInfo.InvariantCulture, $"[worker-0][Duration: {watch.Elapsed.TotalSeconds:F1}s] {what}"));
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSid();
}
