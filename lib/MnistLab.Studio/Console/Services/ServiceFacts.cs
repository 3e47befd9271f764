using System.Text.Json.Serialization;
using MnistLab.Serving.Deployment;

namespace MnistLab.Studio.Console.Services;

/// <summary>Represents the response of a service to <c>GET /service</c>, as far as a screen shows it.</summary>
internal sealed record ServiceFacts
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [JsonPropertyName("uptime_seconds")]
    public long UptimeSeconds { get; init; }

    /// <summary>Gets the number of requests by outcome, such as <c>success</c>.</summary>
    [JsonPropertyName("calls")]
    public IReadOnlyDictionary<string, long> Calls { get; init; } = new Dictionary<string, long>();

    [JsonPropertyName("pictures")]
    public long Images { get; init; }

    /// <summary>
    /// Gets the numbers of successful and failed requests in each of the last minutes, the current one last.
    /// </summary>
    [JsonPropertyName("calls_per_minute")]
    public IReadOnlyList<long[]> PerMinute { get; init; } = [];

    [JsonPropertyName("p50_milliseconds")]
    public double? MedianMilliseconds { get; init; }

    [JsonPropertyName("p99_milliseconds")]
    public double? SlowMilliseconds { get; init; }

    [JsonPropertyName("queue")]
    public long Queue { get; init; }

    [JsonPropertyName("cpu_seconds")]
    public double CpuSeconds { get; init; }

    [JsonPropertyName("memory_bytes")]
    public long MemoryBytes { get; init; }

    /// <summary>Gets the number of requests that succeeded.</summary>
    public long Succeeded => Calls.GetValueOrDefault("success");

    /// <summary>Gets the number of requests that did not succeed.</summary>
    public long Failed => Calls.Values.Sum() - Succeeded;

    /// <summary>Requests the data from a service.</summary>
    /// <exception cref="HttpRequestException">The service does not respond.</exception>
    public static async Task<ServiceFacts> ReadAsync(OnlineService service, CancellationToken cancellationToken)
    {
        using var http = service.CreateHttpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await http.GetFromJsonAsync<ServiceFacts>("service", limit.Token) ?? new ServiceFacts();
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(
                FormattableString.Invariant($"no response from {service.Url} within {Limit.TotalSeconds} s"), error);
        }
    }
}
