using System.Runtime.ExceptionServices;

namespace MnistLab.Benchmarks;

/// <summary>
/// Alternates two pieces of work many times per second, and times each during its turns: other load on the machine
/// affects both alike, so that differences of one percent are visible.
/// </summary>
internal static class Turns
{
    /// <summary>Runs both.</summary>
    /// <param name="first">
    /// Calls its argument wherever the other work may continue. Its work before the first call is a warm-up and is not
    /// timed.
    /// </param>
    /// <param name="second">The other work, in the same form.</param>
    public static (Duration First, Duration Second) Of(Action<Action> first, Action<Action> second)
    {
        using var one = new Worker(first);
        using var two = new Worker(second);
        (one.Other, two.Other) = (two, one);
        one.Start();
        two.Start();
        one.Turn.Release();
        return (one.End(), two.End());
    }

    private sealed class Worker(Action<Action> work) : IDisposable
    {
        private readonly TaskCompletionSource _ended = new();
        private Duration _time;
        private bool _isWarm;
        private Duration _start;
        private volatile bool _isDone;

        public SemaphoreSlim Turn { get; } = new(0);

        public Worker? Other { get; set; }

        public void Start() => new Thread(Do) { IsBackground = true }.Start();

        public Duration End()
        {
            _ended.Task.GetAwaiter().GetResult();
            return _time;
        }

        public void Dispose() => Turn.Dispose();

        private void Do()
        {
            Turn.Wait();
            Exception? error = null;
            _start = Duration.Now;
            try
            {
                work(Next);
            }
            catch (Exception thrown)
            {
                error = thrown;
            }

            if (_isWarm) _time += Duration.Now - _start;
            _isDone = true;
            Other!.Turn.Release();
            if (error is null) _ended.SetResult();
            else _ended.SetException(ExceptionDispatchInfo.SetCurrentStackTrace(error));
        }

        private void Next()
        {
            if (_isWarm) _time += Duration.Now - _start;
            _isWarm = true;
            if (!Other!._isDone)
            {
                Other.Turn.Release();
                Turn.Wait();
            }

            _start = Duration.Now;
        }
    }
}
