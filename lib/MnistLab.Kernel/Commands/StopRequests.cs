using System.Runtime.InteropServices;

namespace MnistLab.Kernel.Commands;

/// <summary>
/// Handles SIGINT (Ctrl+C) and SIGTERM: the first signal requests a graceful stop, the second an immediate one.
/// </summary>
internal sealed class StopRequests : IDisposable
{
    private readonly CancellationTokenSource _first = new();
    private readonly CancellationTokenSource _second = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopRequests() => _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(
        signal => PosixSignalRegistration.Create(signal, Take))];

    public CancellationToken First => _first.Token;

    public CancellationToken Second => _second.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        // Cancels on another thread, because callbacks may be slow and must not delay the next signal.
        var source = _first.IsCancellationRequested ? _second : _first;
        _ = source.CancelAsync();
    }
}
