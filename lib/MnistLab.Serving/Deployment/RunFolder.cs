namespace MnistLab.Serving;

/// <summary>The folder of one run of a service: its settings, its model package, its log, and what the running process tells of itself.</summary>
internal sealed class RunFolder(string path)
{
    public string Path => path;

    public string Package => System.IO.Path.Combine(path, "package");

    public string Log => System.IO.Path.Combine(path, "service.log");

    /// <summary>Held by the service for as long as its process exists.</summary>
    public string AliveLock => System.IO.Path.Combine(path, "alive.lock");

    public bool IsAlive => FileLock.IsTaken(AliveLock);

    private string SettingsFile => System.IO.Path.Combine(path, "settings.json");

    private string StateFilePath => System.IO.Path.Combine(path, "state.json");

    public void WriteSettings(RunSettings settings) => StateFile.Write(SettingsFile, settings, FileJson.Instance.RunSettings);

    public RunSettings ReadSettings() => StateFile.Read(SettingsFile, FileJson.Instance.RunSettings) ?? throw new InvalidDataException($"There is no {SettingsFile}.");

    public void WriteState(RunState state) => StateFile.Write(StateFilePath, state, FileJson.Instance.RunState);

    public RunState? ReadState() => StateFile.Read(StateFilePath, FileJson.Instance.RunState);

    /// <summary>The last lines of the log; empty if there is none.</summary>
    public string ReadLogEnd(int lines = 20)
    {
        try
        {
            using var stream = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return string.Join(Environment.NewLine, reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(lines).Select(line => line.TrimEnd('\r')));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }
}
