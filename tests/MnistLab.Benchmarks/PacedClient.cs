using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MnistLab.Benchmarks;

/// <summary>
/// Sends requests over one connection at random times, at a given average rate, on a separate thread.
/// </summary>
internal sealed partial class PacedClient
{
    private const int TimerSlack = 29;

    private readonly IExchange _exchange;
    private readonly double _interval;
    private readonly long _start;
    private readonly TimeSpan _duration;
    private readonly Random _random;
    private readonly Socket _socket;
    private readonly TaskCompletionSource<List<PacedAnswer>> _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Connects, and starts at a given time.</summary>
    /// <param name="server">The server.</param>
    /// <param name="rate">The requests per second.</param>
    /// <param name="start">The timestamp at which to start.</param>
    /// <param name="duration">The duration of the load.</param>
    /// <param name="random">The source of the random times.</param>
    public PacedClient(Server server, double rate, long start, TimeSpan duration, Random random)
    {
        (_interval, _start, _duration, _random) = (Stopwatch.Frequency / rate, start, duration, random);
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(server.Url.Host, server.Url.Port);
        _exchange = server.Open(_socket);
        new Thread(Run) { IsBackground = true }.Start();
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The responses, in order.</returns>
    public List<PacedAnswer> Answers() => _answers.Task.GetAwaiter().GetResult();

    private void Run()
    {
        try
        {
            using (_socket) _answers.SetResult(Measure());
        }
        catch (Exception exception)
        {
            _answers.SetException(exception);
        }
    }

    private List<PacedAnswer> Measure()
    {
        // The server is being measured, so its client must not oversleep. Nor may the client have a higher priority
        // than the server's threads, which would then wait for it while the other processor is idle.
        _ = SetTimerSlack(TimerSlack, 1, 0, 0, 0);
        var (answers, due) = (new List<PacedAnswer>(), (double)_start);
        while (true)
        {
            // Independent requests arrive at exponentially distributed intervals.
            due += -Math.Log(1 - _random.NextDouble()) * _interval;
            if (Stopwatch.GetElapsedTime(_start, (long)due) > _duration) return answers;
            // Delays by the operating system's sleep are not the server's: a request counts as due when it is sent,
            // unless it had to wait for the previous one.
            var from = Stopwatch.GetTimestamp() < due ? SleepUntil((long)due) : (long)due;
            _exchange.Ask(_socket);
            answers.Add(new PacedAnswer(Stopwatch.GetElapsedTime(_start, (long)due), Stopwatch.GetElapsedTime(from).TotalMilliseconds));
        }
    }

    private static long SleepUntil(long due)
    {
        while (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } left)
            _ = Sleep(new TimeSpec((nint)left.TotalSeconds, (nint)(left.Ticks % TimeSpan.TicksPerSecond * 100)), 0);
        return Stopwatch.GetTimestamp();
    }

    // .NET sleeps for whole milliseconds, in which dozens of requests may become due.
    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(in TimeSpec time, nint remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int SetTimerSlack(int option, nuint nanoseconds, nuint unused1, nuint unused2, nuint unused3);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(nint Seconds, nint Nanoseconds);
}
