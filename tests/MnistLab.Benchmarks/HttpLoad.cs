using System.Diagnostics;
using System.Net.Sockets;

namespace MnistLab.Benchmarks;

/// <summary>
/// Sends requests to a server over several connections, either as fast as it responds or at a given rate.
/// </summary>
internal static class HttpLoad
{
    private const int Connections = 4;
    private const int PacedConnections = 16;

    /// <summary>Sends one request after the other on each connection.</summary>
    /// <returns>The requests per second, and the processor time of the server's process per request in µs.</returns>
    public static async Task<(double Rate, double ProcessorTime)> RunAsync(Server server, int count)
    {
        var sockets = Enumerable.Range(0, Connections).Select(_ => Connect(server.Url)).ToList();
        var exchanges = sockets.ConvertAll(socket => server.Open(socket));
        var process = server.Process;
        process.Refresh();
        var (before, watch) = (process.TotalProcessorTime, Stopwatch.StartNew());
        await Task.WhenAll(sockets.Zip(exchanges, (socket, exchange) => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < count / Connections; i++) exchange.Ask(socket);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        var seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        var used = process.TotalProcessorTime - before;
        foreach (var socket in sockets) socket.Dispose();
        return (count / seconds, used.TotalMicroseconds / count);
    }

    /// <summary>
    /// Sends requests at a given rate, regardless of how long the responses take: the latency of a request that has to
    /// wait for the previous one on its connection counts from the time at which it was due. Each connection has its
    /// own thread, which sleeps and waits in the operating system, so that generating the load takes as little
    /// processor time as possible.
    /// </summary>
    public static PacedLoad RunAtRate(Server server, double rate, TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 10);
        var clients = Enumerable
            .Range(0, PacedConnections)
            .Select(index => new PacedClient(server, rate / PacedConnections, start, duration, new Random(index)))
            .ToArray();
        // Processor utilization is measured from the time at which the clients start, not from when they connect.
        if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), start) is { Ticks: > 0 } left) Thread.Sleep(left);
        var process = server.Process;
        process.Refresh();
        var (usedBefore, before) = (process.TotalProcessorTime, ProcessorLoad.Now());
        List<PacedAnswer> answers = [.. clients.SelectMany(client => client.Answers())];
        var busy = ProcessorLoad.Now().ShareSince(before);
        process.Refresh();
        return new PacedLoad(rate, busy, (process.TotalProcessorTime - usedBefore).TotalMicroseconds / answers.Count, answers);
    }

    private static Socket Connect(Uri url)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(url.Host, url.Port);
        return socket;
    }
}
