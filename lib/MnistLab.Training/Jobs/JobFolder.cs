using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using MnistLab.Hosting;
using MnistLab.Training.Workers;

namespace MnistLab.Training.Jobs;

/// <summary>
/// The files of one version of a job on this machine, by which its submitter, its worker, and later readers
/// communicate.
/// The worker holds <c>worker.lock</c> as long as it lives. The operating system releases the lock with the process,
/// however that ends,
/// so that no job counts as running whose process is gone, and no other process is taken for its worker.
/// </summary>
internal sealed class JobFolder(string path)
{
    /// <summary>The name of the file with what the launcher of a job prints.</summary>
    public const string LauncherLogName = "launcher.log";

    public const string EventsName = "events.log";
    public const string RunName = "run";

    // Enough for the last events and the record.
    private const int ReservedBytes = 64 << 10;

    public string Path { get; } = path;

    /// <summary>Gets the path of the log of the first worker, which the supervising process writes.</summary>
    public string Log => LogOf(0);

    /// <summary>Gets the paths of the logs of all workers.</summary>
    public IEnumerable<string> Logs => Directory.EnumerateFiles(Path, "worker-*.log");

    /// <summary>Gets the path of the file with what the launcher prints, if the job has one.</summary>
    public string LauncherLog => In(LauncherLogName);

    public AppendLog Events { get; } = new(System.IO.Path.Combine(path, EventsName));

    /// <summary>Gets the folder where the boot file keeps its checkpoints and its event log.</summary>
    public string Run => In(RunName);

    public string Codes => In("codes");

    public bool StopIsRequested => File.Exists(In("stop"));

    /// <summary>Gets the path of the lock that the worker holds while it is alive.</summary>
    public string WorkerLock => In("worker.lock");

    /// <summary>Gets whether the worker is alive.</summary>
    public bool IsLocked => FileLock.IsHeld(WorkerLock);

    /// <summary>
    /// Gets whether somebody deleted the folder. A disk that cannot be read at the moment is no deletion.
    /// </summary>
    public bool IsDeleted
    {
        get
        {
            try
            {
                // The record is never absent otherwise: it is replaced by moving a file.
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

    /// <summary>Removes the folder, the record first: a job that is removed in part is not listed.</summary>
    public void Delete()
    {
        File.Delete(In(JobRecord.FileName));
        Directory.Delete(Path, recursive: true);
    }

    /// <summary>Gets the last time that the worker wrote something.</summary>
    public DateTimeOffset LastWrite => new[] { Log, Events.Path, In(JobRecord.FileName) }
        .Where(File.Exists).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max();

    /// <summary>Creates the folder; returns null if it exists.</summary>
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

    /// <summary>Returns the path of the heartbeat of a worker, of which there are several.</summary>
    public string HeartbeatOf(int worker) => In($"{WorkerPlace.NameOf(worker)}.heartbeat");

    /// <summary>Returns the path of the file with the exit code of a worker, of which there are several.</summary>
    public string ExitOf(int worker) => In($"{WorkerPlace.NameOf(worker)}.exit");

    /// <summary>Returns the exit code of a worker, and when it was recorded; null if the worker has not ended.</summary>
    public (int Code, DateTime Written)? ReadExitOf(int worker)
    {
        var file = new FileInfo(ExitOf(worker));
        return file.Exists && int.TryParse(File.ReadAllText(file.FullName), CultureInfo.InvariantCulture, out var code)
            ? (code, file.LastWriteTimeUtc)
            : null;
    }

    /// <summary>Returns the job's number on its cluster; null if it has none.</summary>
    public string? ReadClusterJob() => File.Exists(ClusterJob) ? File.ReadAllText(ClusterJob) : null;

    /// <summary>Notes the job's number on its cluster.</summary>
    public void WriteClusterJob(string id) => AtomicFile.WriteAllText(ClusterJob, id);

    public JobRecord Read() => JobRecord.Read(Path);

    public void Write(JobRecord record) => record.Write(Path);

    public void RequestStop() => File.WriteAllText(In("stop"), "");

    /// <summary>Appends an event; if the disk is full, it is written with a later one.</summary>
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
    /// Occupies the space on the disk that the end of a job needs, so that a job that fills the disk can still say so.
    /// </summary>
    public void ReserveSpace() => File.WriteAllBytes(In("reserved"), new byte[ReservedBytes]);

    /// <summary>Gives the reserved space back.</summary>
    public void ReleaseSpace() => File.Delete(In("reserved"));

    /// <summary>
    /// Reads the log's lines as they are written; ends when <paramref name="ended"/> returns true and nothing is left.
    /// </summary>
    public async IAsyncEnumerable<string> FollowLogAsync(
        Func<bool> ended, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = 0L;
        while (true)
        {
            // Asked before reading, so that what was written until the end is read.
            var last = ended();
            if (File.Exists(Log))
            {
                await using var log = OpenLog(Log);
                log.Position = position;
                var bytes = new byte[log.Length - position];
                var read = await log.ReadAtLeastAsync(
                    bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
                // A line that is not complete, which may end within a character, is read again.
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

    // The worker keeps writing meanwhile.
    private static FileStream OpenLog(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
