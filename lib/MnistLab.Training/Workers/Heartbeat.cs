using System.Text;
using System.Text.Json;
using MnistLab.Hosting;

namespace MnistLab.Training.Workers;

/// <summary>Represents what a worker of a job with several says about itself: the content of its heartbeat file.</summary>
/// <param name="ProcessId">The process ID of the worker.</param>
/// <param name="Host">The name of its machine.</param>
/// <param name="Beat">Counts the beats: a worker whose count stays the same is frozen, or its machine is gone.</param>
/// <param name="Step">The step that it computes; 0 before the first.</param>
/// <param name="Exchanges">The number of exchanges with the others that it has begun.</param>
/// <param name="WaitingSeconds">How long it has waited for the others in the last one; null if it does not wait.</param>
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

    /// <summary>Reads the file of a worker; null if it is missing or is being written.</summary>
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

    /// <summary>Replaces the file of a worker.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write the file.</exception>
    public void Write(string path) =>
        AtomicFile.Replace(path, file => file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this, Json))));
}
