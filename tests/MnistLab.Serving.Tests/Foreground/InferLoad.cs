using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests.Foreground;

/// <summary>
/// Sends predictions over several persistent connections, one after the other on each, until it is stopped. Nothing is
/// retried; each response is read and checked.
/// </summary>
internal sealed class InferLoad : IAsyncDisposable
{
    private const int Connections = 8;

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http;
    private readonly byte[] _body;
    private readonly string _label;
    private readonly Task[] _clients;
    private int _responses;

    public InferLoad(Uri service)
    {
        _http = LoopbackHttp.CreateClient(service);
        var pixels = string.Join(
            ",", RunningApplication.Pixels(0).Select(pixel => pixel.ToString("0.##", CultureInfo.InvariantCulture)));
        _body = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"inputs":[{"name":"images","datatype":"FP32","shape":[1,1,28,28],"data":[{{pixels}}]}]}""");
        _label = RunningApplication.Label(0).ToString(CultureInfo.InvariantCulture);
        _clients = [.. Enumerable.Range(0, Connections).Select(_ => Task.Run(RunAsync))];
    }

    /// <summary>Gets the number of responses by the model version that returned them.</summary>
    public ConcurrentDictionary<string, int> Versions { get; } = [];

    public ConcurrentQueue<string> Failures { get; } = [];

    public int Responses => Volatile.Read(ref _responses);

    /// <summary>Waits for a number of responses, or a failure.</summary>
    public async Task UntilAsync(int responses)
    {
        while (Responses < responses && Failures.IsEmpty) await Task.Delay(5);
    }

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _http.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var response = await _http.PostAsync($"v2/models/{ServiceLab.Name}/infer", new ByteArrayContent(_body));
                var body = await response.Content.ReadAsStringAsync();
                if (response.IsSuccessStatusCode) Check(body);
                else Failures.Enqueue($"{(int)response.StatusCode}: {body}");
            }
            catch (Exception exception)
            {
                Failures.Enqueue(exception.ToString());
            }
        }
    }

    private void Check(string body)
    {
        using var json = JsonDocument.Parse(body);
        var version = json.RootElement.GetProperty("model_version").GetString()!;
        var label = json.RootElement.GetProperty("outputs").EnumerateArray()
            .First(output => output.GetProperty("name").GetString() == "label").GetProperty("data")[0].GetRawText();
        if (label != _label) Failures.Enqueue($"{label} instead of {_label}: {body}");
        Versions.AddOrUpdate(version, 1, (_, count) => count + 1);
        Interlocked.Increment(ref _responses);
    }
}
