using System.Diagnostics;

namespace MnistLab.Serving;

/// <summary>The process of a run, seen from outside: asks whether it is ready, and ends it.</summary>
internal sealed class RunningService(RunFolder run, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Whether it answers that it is ready. Never fails: a service that cannot be reached is not ready.</summary>
    public static async Task<bool> IsReadyAsync(Uri url, CancellationToken cancellationToken)
    {
        // One short connection: nothing is kept open to a process that may end.
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var response = await client.GetAsync(new Uri(url, HealthEndpoints.Ready), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Waits until a started process is ready.</summary>
    /// <returns>What it tells of itself.</returns>
    /// <exception cref="DeploymentException">It ended.</exception>
    public async Task<RunState> WaitUntilReadyAsync(Process process, CancellationToken cancellationToken)
    {
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        while (true)
        {
            if (run.ReadState() is { Url: { } url } state && await IsReadyAsync(url, cancellationToken)) return state;
            if (process.HasExited)
            {
                var lines = string.Join(Environment.NewLine, new[] { (await errors).Trim(), run.ReadLogEnd() }.Where(text => text.Length > 0));
                throw new DeploymentException(FormattableString.Invariant($"The service ended with exit code {process.ExitCode} before it was ready.{Environment.NewLine}{lines}"));
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>Ends the process: asks it to finish what it is at, and ends it by force if it has not done so after ten seconds. Nothing happens where there is none.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!run.IsAlive) return;
        await AskToStopAsync(cancellationToken);
        using var grace = new CancellationTokenSource(Grace, time);
        while (run.IsAlive && !grace.IsCancellationRequested) await Task.Delay(Poll, time, cancellationToken);
        if (run.IsAlive) await KillAsync(cancellationToken);
    }

    /// <summary>Ends the process by force. Nothing happens where there is none.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        while (run.IsAlive)
        {
            // While the lock is held its holder exists, and the holder has written this number: it is nobody else's.
            if (run.ReadState() is { } state)
            {
                try
                {
                    using var process = Process.GetProcessById(state.ProcessId);
                    process.Kill();
                }
                catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
                {
                    // It ended by itself in the meantime.
                }
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private async Task AskToStopAsync(CancellationToken cancellationToken)
    {
        if (run.ReadState()?.Url is not { } url) return;
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, StopEndpoint.Path));
        request.Headers.Add(StopEndpoint.KeyHeader, run.ReadSettings().ControlKey);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // It does not listen any more, or not yet; if it does not end either, it is ended by force.
        }
    }
}
