using MnistLab.Hosting;
using MnistLab.Models.Registry;

namespace MnistLab.Serving.Instances;

/// <summary>
/// Represents the folder of one instance of a service: its settings, its program, its model packages, its log, and the
/// states that its two processes report: the service and its supervisor, which restarts it after a crash.
/// </summary>
/// <remarks>Deleting the folder stops both processes.</remarks>
internal sealed class InstanceFolder(string path)
{
    // The number of older logs that are kept besides the current one.
    private const int KeptLogs = 4;

    /// <summary>
    /// The maximum time that a process waits for its lock, which a check such as <see cref="IsAlive"/> holds briefly.
    /// </summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(1);

    public string Path => path;

    /// <summary>
    /// Gets the folder of the model packages: <c>packages/digits-0.0.1/</c> with <c>model/</c> and <c>compiled/</c>,
    /// for example.
    /// </summary>
    public string Packages => In("packages");

    /// <summary>Gets the path of the instance's own copy of the program.</summary>
    public string Program => System.IO.Path.Combine(ProgramFolder, ServiceProgram.FileName);

    /// <summary>Gets the folder of the program.</summary>
    public string ProgramFolder => In("program");

    public string Log => In("service.log");

    public string SupervisorLog => In("supervisor.log");

    /// <summary>Gets the path of the lock that the service holds while its process exists.</summary>
    public string AliveLock => In("alive.lock");

    /// <summary>Gets the path of the lock that the supervisor holds while its process exists.</summary>
    public string SupervisorLock => In("supervisor.lock");

    public bool IsAlive => FileLock.IsHeld(AliveLock);

    public bool IsSupervised => FileLock.IsHeld(SupervisorLock);

    public string SettingsFile => In("settings.json");

    /// <summary>Gets whether the instance was asked to stop.</summary>
    public bool StopIsRequested => File.Exists(StopFile);

    /// <summary>Gets whether the folder was deleted; false if the disk is temporarily unreadable.</summary>
    public bool IsDeleted
    {
        get
        {
            try
            {
                // The settings file is missing only if the folder was deleted, because it is replaced atomically.
                _ = File.GetAttributes(SettingsFile);
                return false;
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>Gets the folder of the service to which this instance belongs.</summary>
    public ServiceFolder Service => new(System.IO.Path.GetFullPath(In(System.IO.Path.Combine("..", ".."))));

    private string StopFile => In("stop");

    private string StateFile => In("state.json");

    private string SupervisorStateFile => In("supervisor.json");

    public string PackageOf(RegisteredModel model) => System.IO.Path.Combine(Packages, $"{model.Name}-{model.Version}");

    /// <summary>
    /// Asks both processes to stop. Does nothing if the folder was deleted, because that already stops them.
    /// </summary>
    public void RequestStop()
    {
        try
        {
            File.WriteAllText(StopFile, "");
        }
        catch (DirectoryNotFoundException)
        {
            // The folder was deleted in the meantime; both processes stop because of that.
        }
    }

    public void WriteSettings(RunSettings settings) =>
        AtomicJsonFile.Write(SettingsFile, settings, FileJson.Instance.RunSettings);

    public RunSettings? FindSettings() => AtomicJsonFile.Read(SettingsFile, FileJson.Instance.RunSettings);

    public RunSettings ReadSettings() => FindSettings() ?? throw new InvalidDataException($"There is no {SettingsFile}.");

    public void WriteState(RunState state) => AtomicJsonFile.Write(StateFile, state, FileJson.Instance.RunState);

    public RunState? ReadState() => AtomicJsonFile.Read(StateFile, FileJson.Instance.RunState);

    public void ForgetState() => File.Delete(StateFile);

    public void WriteSupervisor(SupervisorState state) =>
        AtomicJsonFile.Write(SupervisorStateFile, state, FileJson.Instance.SupervisorState);

    /// <summary>
    /// Deletes the program of an instance that has ended, to save disk space. It is copied again when the service is
    /// started.
    /// </summary>
    public void DeleteProgram()
    {
        try
        {
            if (Directory.Exists(ProgramFolder)) Directory.Delete(ProgramFolder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The program is deleted with the instance.
        }
    }

    /// <summary>
    /// Deletes the stop request and the states of the processes, so that the instance can be started again.
    /// </summary>
    public void Reset()
    {
        foreach (var file in new[] { StopFile, StateFile, SupervisorStateFile }) File.Delete(file);
    }

    public SupervisorState? ReadSupervisor() =>
        AtomicJsonFile.Read(SupervisorStateFile, FileJson.Instance.SupervisorState);

    /// <summary>
    /// Rotates the log by renaming it, so that the next process starts a new log and the output of a crash is kept for
    /// a while.
    /// </summary>
    public void SetLogAside()
    {
        if (!File.Exists(Log)) return;
        MakeRoomForALog();
        File.Move(Log, OlderLog(1), overwrite: true);
    }

    /// <summary>
    /// Rotates the log by copying and truncating it, since its process keeps writing to the same file. The log is
    /// truncated even if the copy fails, for example because the disk is full.
    /// </summary>
    public void CopyLogAside()
    {
        try
        {
            MakeRoomForALog();
            File.Copy(Log, OlderLog(1), overwrite: true);
        }
        finally
        {
            DetachedProcess.EmptyLog(Log);
        }
    }

    /// <summary>
    /// Returns the last lines of the log, including those of previous processes; empty if there is none.
    /// </summary>
    public IReadOnlyList<string> ReadLog(int lines)
    {
        var found = new List<string>();
        for (var age = 0; age <= KeptLogs && found.Count < lines; age++)
            found.InsertRange(0, LinesOf(age == 0 ? Log : OlderLog(age)).TakeLast(lines - found.Count));
        return found;
    }

    /// <summary>Returns the last lines of the current log; empty if there is none.</summary>
    public string ReadLogEnd(int lines = 20) => string.Join(Environment.NewLine, LinesOf(Log).TakeLast(lines));

    private void MakeRoomForALog()
    {
        for (var age = KeptLogs; age > 1; age--)
        {
            if (File.Exists(OlderLog(age - 1))) File.Move(OlderLog(age - 1), OlderLog(age), overwrite: true);
        }
    }

    private static string[] LinesOf(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            var text = reader.ReadToEnd().TrimEnd();
            return text.Length == 0 ? [] : [.. text.Split('\n').Select(line => line.TrimEnd('\r'))];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    private string OlderLog(int age) => In(FormattableString.Invariant($"service.{age}.log"));

    private string In(string name) => System.IO.Path.Combine(path, name);
}
