using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MnistLab.Hosting;

namespace MnistLab.Serving.Instances;

/// <summary>
/// Represents the folder of one service: its record, events, history, instances, and the lock that serializes
/// deployments.
/// </summary>
internal sealed class ServiceFolder(string path)
{
    public const string RecordName = "service.json";

    private const long MaxLogLength = 1 << 20;

    public string Path => path;

    public string Name => System.IO.Path.GetFileName(path);

    public string DeploymentLock => In("deployment.lock");

    public AppendLog Events => new(In("events.log"), MaxLogLength);

    private AppendLog History => new(In("history.jsonl"), MaxLogLength);

    private string RunsFolder => In("runs");

    private string RecordFile => In(RecordName);

    public void Create() => Directory.CreateDirectory(RunsFolder);

    public ServiceRecord? ReadRecord() => AtomicJsonFile.Read(RecordFile, FileJson.Instance.ServiceRecord);

    public void WriteRecord(ServiceRecord record) => AtomicJsonFile.Write(RecordFile, record, FileJson.Instance.ServiceRecord);

    public void RemoveRecord() => File.Delete(RecordFile);

    public void AddEvent(TimeProvider time, string message) =>
        Events.Append(new ServiceEvent(time.GetUtcNow(), message.ReplaceLineEndings(" ")).ToString());

    public IReadOnlyList<ServiceEvent> ReadEvents() => [.. Events.Read().Select(ServiceEvent.Parse).OfType<ServiceEvent>()];

    public void AddToHistory(ConfigurationChange change) =>
        History.Append(JsonSerializer.Serialize(change, LineJson.Instance.ConfigurationChange));

    public IReadOnlyList<ConfigurationChange> ReadHistory() => [.. History.Read().Select(Parse).OfType<ConfigurationChange>()];

    public InstanceFolder Instance(string name) => new(System.IO.Path.Combine(RunsFolder, name));

    /// <summary>Returns the names of the existing instances.</summary>
    public IReadOnlyList<string> Instances() => Directory.Exists(RunsFolder)
        ? [.. Directory.EnumerateDirectories(RunsFolder).Select(run => System.IO.Path.GetFileName(run)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Creates the folder of a new instance and returns its name.</summary>
    public string CreateInstance(DateTimeOffset now)
    {
        var name =
            $"{now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        Directory.CreateDirectory(Instance(name).Packages);
        return name;
    }

    // A line that was truncated because its process ended is skipped.
    private static ConfigurationChange? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LineJson.Instance.ConfigurationChange);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string In(string name) => System.IO.Path.Combine(path, name);
}
