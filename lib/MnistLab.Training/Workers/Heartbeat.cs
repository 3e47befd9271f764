using System.Text;
using System.Text.Json;
using MnistLab.Hosting;

namespace MnistLab.Training.Workers;

/// <summary>Represents the content of the heartbeat file of a worker, in a job with several workers.</summary>
/// <param name="ProcessId">The process ID of the worker.</param>
/// <param name="Host">The name of the worker's machine.</param>
/// <param name="Beat">
/// The number of heartbeats so far. If it stays the same, the worker is frozen, or its machine is unreachable.
/// </param>
/// <param name="Step">The step that the worker is computing; 0 before the first.</param>
/// <param name="Exchanges">The number of exchanges with other workers that the worker has started.</param>
/// <param name="WaitingSeconds">
/// The time, in seconds, that the worker has waited for the others in the current exchange, or to join them before the
/// first; null if it is not waiting.
/// </param>
internal sealed record Heartbeat(
    int ProcessId,
    string Host,
    long Beat,
    long Step = 0,
    long Exchanges = 0,
    double? WaitingSeconds = null)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>
    /// Reads the heartbeat file of a worker; returns null if it is missing, unreadable, or incomplete.
    /// </summary>
    public static Heartbeat? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Heartbeat>(File.ReadAllBytes(path), Json);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Replaces the heartbeat file of a worker.</summary>
    /// <exception cref="IOException">The file cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no write access to the file.</exception>
    public void Write(string path) =>
        AtomicFile.Replace(path, file => file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this, Json))));
}
