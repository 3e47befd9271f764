using System.Diagnostics;
using MnistLab.Testing;

namespace MnistLab.Benchmarks;

/// <summary>Asks a server as fast as it answers, or at a given rate, over several connections.</summary>
internal static class HttpLoad
{
    private const int Connections = 4;
    private const int PacedConnections = 16;

    /// <summary>Asks one request after the other on each connection.</summary>
    /// <returns>Requests a second, and the processor time of the server's process for each of them in µs.</returns>
    public static async Task<(double Rate, double ProcessorTime)> RunAsync(Process server, Uri url, byte[] request, int count)
    {
        var connections = await ConnectAsync(url);
        server.Refresh();
        var (before, watch) = (server.TotalProcessorTime, Stopwatch.StartNew());
        await Task.WhenAll(connections.Select(connection => Task.Run(async () =>
        {
            for (var i = 0; i < count / Connections; i++)
            {
                await connection.SendAsync(request);
                Require(await connection.ReadStatusAsync());
            }
        })));
        var seconds = watch.Elapsed.TotalSeconds;
        server.Refresh();
        var used = server.TotalProcessorTime - before;
        foreach (var connection in connections) await connection.DisposeAsync();
        return (count / seconds, used.TotalMicroseconds / count);
    }

    /// <summary>
    /// Asks at a rate, whatever the answers take: a request that waits for the one before it on its connection has been waiting since its time came.
    /// Each connection has a thread of its own that sleeps and waits in the system, so that the load takes no more of the processors than it has to.
    /// </summary>
    public static PacedLoad RunAtRate(Process server, Uri url, byte[] request, double rate, TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 10);
        var clients = Enumerable.Range(0, PacedConnections).Select(index => new PacedClient(url, request, rate / PacedConnections, start, duration, new Random(index))).ToArray();
        // How busy the processors are counts from when the clients begin, not from when they connect.
        if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), start) is { Ticks: > 0 } left) Thread.Sleep(left);
        server.Refresh();
        var (usedBefore, before) = (server.TotalProcessorTime, ProcessorLoad.Now());
        List<PacedAnswer> answers = [.. clients.SelectMany(client => client.Answers())];
        var busy = ProcessorLoad.Now().ShareSince(before);
        server.Refresh();
        return new PacedLoad(rate, busy, (server.TotalProcessorTime - usedBefore).TotalMicroseconds / answers.Count, answers);
    }

    private static async Task<RawHttpConnection[]> ConnectAsync(Uri url) => await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => RawHttpConnection.ConnectAsync(url)));

    private static void Require(int status)
    {
        if (status != 200) throw new InvalidOperationException($"The server answered {status}.");
    }
}
