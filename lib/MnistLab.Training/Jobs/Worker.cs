using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MnistLab.Data.Workspaces;
using MnistLab.Hosting;
using MnistLab.Storage;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Represents the supervising process of one version of a job: downloads the code, starts the program that runs the
/// boot file, writes its log, uploads the outputs as they appear, and records how the job ended.
/// </summary>
internal sealed class Worker(
    JobFolder folder, Workspace workspace, TimeProvider time)
{
    public const string Command = "worker";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DeletionInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UploadInterval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ended = new();
    private string? _stopReason;

    /// <summary>Runs the job. Returns 0 if the boot file succeeded and its outputs are uploaded.</summary>
    public async Task<int> RunAsync()
    {
        // A signal that ends the notebook's process group must not end its jobs.
        DetachedProcess.LeaveSession();
        // A reader that checks whether this process is alive holds the lock briefly, so this waits for it.
        using var alive = await FileLock.AcquireAsync(folder.WorkerLock, time);
        var record = folder.Read();
        if (record.Status.IsFinal()) return 1;
        using var log = new WorkerLog(folder.Log);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        try
        {
            var work = WorkAsync(record, log);
            // Without its folder, the job could not be found or stopped. Its program ends with this process.
            return await Task.WhenAny(work, WaitForDeletionAsync()) == work ? await work : 1;
        }
        catch (Exception) when (folder.IsDeleted)
        {
            return 1;
        }
        // Any exception here is recorded as the reason why the job failed.
        catch (Exception error)
        {
            log.WriteLine(error.ToString());
            folder.ReleaseSpace();
            return Close(folder.Read(), new ProgramResult(1, $"the worker could not continue: {error.Message}"));
        }
        finally
        {
            await _ended.CancelAsync();
        }
    }

    private async Task<int> WorkAsync(JobRecord record, WorkerLog log)
    {
        folder.ReserveSpace();
        var start = ProcessIdentity.Find(Environment.ProcessId)?.StartText;
        record = record with { Status = JobStatus.Pending, ProcessId = Environment.ProcessId, ProcessStart = start };
        folder.Write(record);
        var store = workspace.OpenStore();
        var upload = new OutputUpload(folder, store, record.OutputUrl);
        var watching = WatchForStopAsync();
        var launcher = new JobLaunchers(workspace.Root, time).Choose(record.Target, record.WorkerCount);
        using var slot = launcher.HasQueue ? null : await WaitForSlotAsync(record.SimultaneousJobs);
        var result = new ProgramResult(0, null);
        if (slot is not null || launcher.HasQueue)
        {
            record = record with { Status = JobStatus.Running, Started = time.GetUtcNow() };
            folder.Write(record);
            if (record.MaxDuration is { } duration) _ = StopAfterAsync(duration);
            var uploading = UploadAsync(upload);
            result = await RunBootFileAsync(record, store, launcher, log);
            await _ended.CancelAsync();
            await uploading;
        }

        await _ended.CancelAsync();
        await watching;
        return await EndAsync(record, store, upload, log, result);
    }

    private async Task<ProgramResult> RunBootFileAsync(
        JobRecord record, IObjectStore store, IJobLauncher launcher, WorkerLog log)
    {
        try
        {
            var appUrl = ObjectUrl.Parse(record.AppUrl);
            await TimedAsync(
                "code downloaded",
                () => store.DownloadFolderAsync(appUrl, folder.Codes, cancellationToken: _stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return new ProgramResult(1, null);
        }
        catch (Exception error) when (error is ObjectStoreException or IOException or UnauthorizedAccessException)
        {
            log.WriteLine(error.Message);
            return new ProgramResult(1, $"the code could not be downloaded: {error.Message}");
        }

        var watch = Stopwatch.StartNew();
        var end = await new BootProcess(folder, record, launcher, time).RunAsync(log, _stopping.Token);
        AddTimedEvent(watch.Elapsed, $"boot file ended{(end.ExitCode == 0 ? "" : $", {end.Reason}")}");
        return new ProgramResult(end.ExitCode, end.Reason, end.Worker);
    }

    /// <summary>Uploads the outputs, and records how the job ended.</summary>
    private async Task<int> EndAsync(
        JobRecord record, IObjectStore store, OutputUpload upload, WorkerLog log, ProgramResult result)
    {
        var status = result.ExitCode == 0 && record.Status == JobStatus.Running ? JobStatus.Completed
            : _stopping.IsCancellationRequested ? JobStatus.Terminated
            : JobStatus.Failed;
        if (log.Failure is { } lost)
        {
            status = JobStatus.Failed;
            result = new ProgramResult(1, $"a part of the log could not be written: {lost}");
        }

        result = status switch
        {
            JobStatus.Completed => result with { Reason = null },
            JobStatus.Terminated => result with { Reason = _stopReason },
            _ => result,
        };
        folder.ReleaseSpace();
        try
        {
            await TimedAsync("outputs uploaded", () => upload.SyncAsync(CancellationToken.None));
            // Uploaded again, so that the copies in the store include the last event.
            AddLastEvent(status, result);
            await upload.SyncAsync(CancellationToken.None);
            await store.PutTextAsync(record.OutputUrl / JobRecord.FileName, Ended(record, status, result).ToJson());
        }
        catch (Exception error) when (error is ObjectStoreException or IOException or UnauthorizedAccessException)
        {
            log.WriteLine($"The outputs could not be uploaded: {error.Message} They are in {folder.Path}.");
            return Close(record, new ProgramResult(1, $"the outputs could not be uploaded: {error.Message}"));
        }

        folder.Write(Ended(record, status, result));
        return result.ExitCode;
    }

    private int Close(JobRecord record, ProgramResult failure)
    {
        AddLastEvent(JobStatus.Failed, failure);
        folder.Write(Ended(record, JobStatus.Failed, failure));
        return failure.ExitCode;
    }

    private void AddLastEvent(JobStatus status, ProgramResult result)
    {
        var name = status.ToString().ToLowerInvariant();
        folder.AddEvent(time, status == JobStatus.Failed ? $"{name}: {result.Reason}" : name);
    }

    private JobRecord Ended(JobRecord record, JobStatus status, ProgramResult result) =>
        record with
        {
            Status = status,
            Ended = time.GetUtcNow(),
            ExitCode = result.ExitCode,
            Reason = result.Reason,
            FailedWorker = result.Worker,
        };

    /// <summary>
    /// Waits for a free slot; returns null if the job was stopped first. The slot is released when this process ends
    /// for any reason.
    /// </summary>
    private async Task<FileLock?> WaitForSlotAsync(int slots)
    {
        for (var isQueued = false; !_stopping.IsCancellationRequested; isQueued = true)
        {
            if (JobSlot.TryTake(workspace.JobsFolder, slots) is { } slot) return slot;
            if (!isQueued) folder.AddEvent(time, $"queued: {slots} jobs are already running");
            await Task.Delay(PollInterval, time);
        }

        return null;
    }

    private async Task WaitForDeletionAsync()
    {
        while (!folder.IsDeleted) await Task.Delay(DeletionInterval, time);
    }

    private async Task WatchForStopAsync()
    {
        while (!_ended.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            if (folder.StopIsRequested) Stop("on request");
            await Task.Delay(PollInterval, time);
        }
    }

    private async Task StopAfterAsync(TimeSpan duration)
    {
        await Task.Delay(duration, time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_ended.IsCancellationRequested) Stop($"after {duration}");
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Stop("on a signal from the system");
    }

    private void Stop(string reason)
    {
        lock (_stopping)
        {
            if (_stopping.IsCancellationRequested) return;
            _stopReason = reason;
            folder.AddEvent(time, $"stopping, {reason}");
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
            catch (Exception error) when (error is ObjectStoreException or IOException or UnauthorizedAccessException)
            {
                // Retried in the next round; the final upload must succeed.
                if (error.Message != lastError)
                    folder.AddEvent(time, $"[worker-0] the outputs could not be uploaded and will be retried: {lastError = error.Message}");
            }

            await Task.Delay(UploadInterval, time, _ended.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TimedAsync(string what, Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        AddTimedEvent(watch.Elapsed, what);
    }

    private void AddTimedEvent(TimeSpan duration, string what)
    {
        var seconds = duration.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        folder.AddEvent(time, $"[worker-0][Duration: {seconds}s] {what}");
    }

    /// <summary>Represents the result of the boot file.</summary>
    /// <param name="ExitCode">The exit code.</param>
    /// <param name="Reason">The reason why the job did not succeed; null if there is none.</param>
    /// <param name="Worker">The index of the worker that failed.</param>
    private sealed record ProgramResult(int ExitCode, string? Reason, int Worker = 0);
}
