using System.Runtime.CompilerServices;

namespace MnistLab.Training;

/// <summary>
/// The files of one version of a job on this machine: how its submitter, its worker and those who look at it later tell each other things.
/// The worker holds <c>worker.lock</c> as long as it lives. The operating system lets go of it with the process, however that ends,
/// so that nobody takes a job for running whose process is gone, or another process for its worker.
/// </summary>
internal sealed class JobFolder(string path)
{
    public const string LogName = "worker-0.log";
    public const string EventsName = "events.log";
    public const string RunName = "run";

    private readonly Lock _events = new();

    public string Path { get; } = path;

    public string Log => In(LogName);

    public string Events => In(EventsName);

    /// <summary>Where the boot file keeps its checkpoints and its event log.</summary>
    public string Run => In(RunName);

    public string Codes => In("codes");

    public bool StopIsRequested => File.Exists(In("stop"));

    /// <summary>Makes the folder; null if it is there already.</summary>
    public static JobFolder? TryCreate(string path)
    {
        Directory.CreateDirectory(path);
        var folder = new JobFolder(path);
        try
        {
            using var mine = new FileStream(folder.LockFile, FileMode.CreateNew);
            return folder;
        }
        catch (IOException) when (File.Exists(folder.LockFile))
        {
            return null;
        }
    }

    public JobRecord Read() => JobRecord.Read(Path);

    public void Write(JobRecord record) => record.Write(Path);

    public void RequestStop() => File.WriteAllText(In("stop"), "");

    public void AddEvent(TimeProvider time, string message)
    {
        lock (_events) File.AppendAllText(Events, new JobEvent(time.GetUtcNow(), message.ReplaceLineEndings(" ")) + "\n");
    }

    public IReadOnlyList<JobEvent> ReadEvents() => [.. LinesOf(Events).Select(JobEvent.Parse).OfType<JobEvent>()];

    public IReadOnlyList<string> ReadLog() => LinesOf(Log);

    /// <summary>Takes the lock; null while another process has it.</summary>
    public FileStream? TryLock()
    {
        try
        {
            return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (Directory.Exists(Path))
        {
            return null;
        }
    }

    /// <summary>The log's lines as they are written; it ends when <paramref name="ended"/> says so and nothing is left.</summary>
    public async IAsyncEnumerable<string> FollowLogAsync(Func<bool> ended, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (position, rest) = (0L, "");
        while (true)
        {
            // Asked before reading: what is written until the end is read.
            var last = ended();
            if (File.Exists(Log))
            {
                using var reader = Open(Log);
                reader.BaseStream.Position = position;
                var lines = (rest + await reader.ReadToEndAsync(cancellationToken)).Split('\n');
                (position, rest) = (reader.BaseStream.Position, lines[^1]);
                foreach (var line in lines.SkipLast(1)) yield return line.TrimEnd('\r');
            }

            if (last)
            {
                if (rest.Length > 0) yield return rest;
                yield break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    private string LockFile => In("worker.lock");

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static IReadOnlyList<string> LinesOf(string file)
    {
        if (!File.Exists(file)) return [];
        using var reader = Open(file);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line) lines.Add(line);
        return lines;
    }

    // Its writer goes on meanwhile.
    private static StreamReader Open(string file) => new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
}
