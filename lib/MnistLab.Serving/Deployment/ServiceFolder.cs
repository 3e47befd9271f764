using System.Globalization;
using System.Security.Cryptography;

namespace MnistLab.Serving;

/// <summary>The folder of one service: its record, the lock that one deployment at a time holds, and its runs.</summary>
internal sealed class ServiceFolder(string path)
{
    public const string RecordName = "service.json";

    public string DeploymentLock => Path.Combine(path, "deployment.lock");

    private string RunsFolder => Path.Combine(path, "runs");

    private string RecordFile => Path.Combine(path, RecordName);

    public void Create() => Directory.CreateDirectory(RunsFolder);

    public ServiceRecord? ReadRecord() => StateFile.Read(RecordFile, FileJson.Instance.ServiceRecord);

    public void WriteRecord(ServiceRecord record) => StateFile.Write(RecordFile, record, FileJson.Instance.ServiceRecord);

    public RunFolder Run(string name) => new(Path.Combine(RunsFolder, name));

    /// <summary>The names of the runs whose folders are there.</summary>
    public IReadOnlyList<string> Runs() => Directory.Exists(RunsFolder)
        ? [.. Directory.EnumerateDirectories(RunsFolder).Select(run => Path.GetFileName(run)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Makes the folder of a new run.</summary>
    public string CreateRun(DateTimeOffset now)
    {
        var name = $"{now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        Directory.CreateDirectory(Run(name).Package);
        return name;
    }
}
