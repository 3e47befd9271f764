using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using MnistLab.Hosting;
using MnistLab.Training.Workers;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Represents the local files of one version of a job, through which its submitter, its supervising process, and later
/// readers communicate. The supervising process holds <c>worker.lock</c> while it is alive. The operating system
/// releases the lock when the process ends for any reason, so a job whose process is gone never counts as running, and
/// no other process is mistaken for its worker.
/// </summary>
internal sealed class JobFolder(string path)
{
    /// <summary>The name of the file that holds the output of a job's launcher.</summary>
    public const string LauncherLogName = "launcher.log";

    public const string EventsName = "events.log";
    public const string RunName = "run";

    // Enough space for the last events and the record.
    private const int ReservedBytes = 64 << 10;

    public string Path { get; } = path;

    /// <summary>Gets the path of the log of the first worker, which the supervising process writes.</summary>
    public string Log => LogOf(0);

    /// <summary>Gets the paths of the logs of all workers.</summary>
    public IEnumerable<string> Logs => Directory.EnumerateFiles(Path, "worker-*.log");

    /// <summary>Gets the path of the file that holds the launcher's output, if the launcher writes one.</summary>
    public string LauncherLog => In(LauncherLogName);

    public AppendLog Events { get; } = new(System.IO.Path.Combine(path, EventsName));

    /// <summary>Gets the folder in which the boot file stores its checkpoints and event log.</summary>
    public string Run => In(RunName);

    public string Codes => In("codes");

    public bool StopIsRequested => File.Exists(In("stop"));

    /// <summary>Gets the path of the lock file that the supervising process holds while it is alive.</summary>
    public string WorkerLock => In("worker.lock");

    /// <summary>Gets whether the supervising process is alive.</summary>
    public bool IsLocked => FileLock.IsHeld(WorkerLock);

    /// <summary>
    /// Gets whether the folder was deleted. A disk that is temporarily unreadable does not count as a deletion.
    /// </summary>
    public bool IsDeleted
    {
        get
        {
            try
            {
                // The record exists as long as the folder does: it is replaced atomically, by moving a file.
                _ = File.GetAttributes(In(JobRecord.FileName));
                return false;
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                return true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>Deletes the folder, starting with the record, so that a partly deleted job is not listed.</summary>
    public void Delete()
    {
        File.Delete(In(JobRecord.FileName));
        Directory.Delete(Path, recursive: true);
    }

    /// <summary>Gets the time of the supervising process's last write to the log, the events, or the record.</summary>
    public DateTimeOffset LastWrite => new[] { Log, Events.Path, In(JobRecord.FileName) }
        .Where(File.Exists).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max();

    /// <summary>Creates the folder, or returns null if it already exists.</summary>
    public static JobFolder? TryCreate(string path)
    {
        Directory.CreateDirectory(path);
        var folder = new JobFolder(path);
        try
        {
            using var mine = new FileStream(folder.WorkerLock, FileMode.CreateNew);
            return folder;
        }
        catch (IOException) when (File.Exists(folder.WorkerLock))
        {
            return null;
        }
    }

    /// <summary>Returns the path of the log of a worker.</summary>
    public string LogOf(int worker) => In($"{WorkerPlace.NameOf(worker)}.log");

    /// <summary>Returns the path of the heartbeat file of a worker, in a job with several workers.</summary>
    public string HeartbeatOf(int worker) => In($"{WorkerPlace.NameOf(worker)}.heartbeat");

    /// <summary>Returns the path of the file with the exit code of a worker, in a job with several workers.</summary>
    public string ExitOf(int worker) => In($"{WorkerPlace.NameOf(worker)}.exit");

    /// <summary>
    /// Returns the exit code of a worker and the time at which it was recorded; null if none is recorded.
    /// </summary>
    public (int Code, DateTime Written)? ReadExitOf(int worker)
    {
        var file = new FileInfo(ExitOf(worker));
        return file.Exists && int.TryParse(File.ReadAllText(file.FullName), CultureInfo.InvariantCulture, out var code)
            ? (code, file.LastWriteTimeUtc)
            : null;
    }

    /// <summary>Returns the ID of the job on its cluster; null if it has none.</summary>
    public string? ReadClusterJob() => File.Exists(ClusterJob) ? File.ReadAllText(ClusterJob) : null;

    /// <summary>Records the ID of the job on its cluster.</summary>
    public void WriteClusterJob(string id) => AtomicFile.WriteAllText(ClusterJob, id);

    public JobRecord Read() => JobRecord.Read(Path);

    public void Write(JobRecord record) => record.Write(Path);

    public void RequestStop() => File.WriteAllText(In("stop"), "");

    /// <summary>Appends an event. If the disk is full, the event is written together with a later one.</summary>
    public void AddEvent(TimeProvider time, string message) =>
        Events.TryAppend(new JobEvent(time.GetUtcNow(), message.ReplaceLineEndings(" ")).ToString());

    public IReadOnlyList<JobEvent> ReadEvents() => [.. Events.Read().Select(JobEvent.Parse).OfType<JobEvent>()];

    public IReadOnlyList<string> ReadLog(int worker = 0)
    {
        var log = LogOf(worker);
        if (!File.Exists(log)) return [];
        using var reader = new StreamReader(OpenLog(log));
        var lines = new List<string>();
        while (reader.ReadLine() is { } line) lines.Add(line);
        return lines;
    }

    /// <summary>
    /// Reserves the disk space needed to record the end of the job, so that the failure can be recorded even if the job
    /// fills the disk.
    /// </summary>
    public void ReserveSpace() => File.WriteAllBytes(In("reserved"), new byte[ReservedBytes]);

    /// <summary>Releases the reserved space.</summary>
    public void ReleaseSpace() => File.Delete(In("reserved"));

    /// <summary>
    /// Returns the lines of the log as they are written, until <paramref name="ended"/> returns true and all lines are
    /// read.
    /// </summary>
    public async IAsyncEnumerable<string> FollowLogAsync(
        Func<bool> ended, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = 0L;
        while (true)
        {
            // Checked before reading, so that the last lines are not missed.
            var last = ended();
            if (File.Exists(Log))
            {
                await using var log = OpenLog(Log);
                log.Position = position;
                var bytes = new byte[log.Length - position];
                var read = await log.ReadAtLeastAsync(
                    bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
                // An incomplete line, which may end in the middle of a character, is read again.
                var complete = last ? read : Array.LastIndexOf(bytes, (byte)'\n', Math.Max(read - 1, 0)) + 1;
                position += complete;
                using var lines = new StringReader(Encoding.UTF8.GetString(bytes, 0, complete));
                while (lines.ReadLine() is { } line) yield return line;
            }

            if (last) yield break;
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    private string ClusterJob => In("cluster-job");

    private string In(string name) => System.IO.Path.Combine(Path, name);

    // The worker may keep writing to the file.
    private static FileStream OpenLog(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
