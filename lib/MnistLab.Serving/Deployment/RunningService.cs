using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace MnistLab.Serving;

/// <summary>The processes of a run, seen from outside: asks whether the service is ready, gives it other models, and ends it.</summary>
internal sealed class RunningService(InstanceFolder run, TimeProvider time)
{
    /// <summary>How long a service that is to end may take to answer the requests that are under way.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Grace = Drain + TimeSpan.FromSeconds(2);

    /// <summary>Whether it answers that it is ready. Never fails: a service that cannot be reached is not ready.</summary>
    public static async Task<bool> IsReadyAsync(Uri url, CancellationToken cancellationToken)
    {
        // One short connection: nothing is kept open to a process that may end.
        using var client = CreateClient(ProbeTimeout);
        try
        {
            using var response = await client.GetAsync(new Uri(url, HealthEndpoints.Ready), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            return false;
        }
    }

    /// <summary>Waits until the service is ready.</summary>
    /// <param name="supervisor">Its supervisor, just started; null if it has run for longer.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What it tells of itself.</returns>
    /// <exception cref="DeploymentException">It ended, or was not ready within <see cref="OnlineServices.StartLimit"/>.</exception>
    public async Task<RunState> WaitUntilReadyAsync(Process? supervisor, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(OnlineServices.StartLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await WaitAsync(supervisor, either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DeploymentException(FormattableString.Invariant($"The service was not ready after {OnlineServices.StartLimit.TotalSeconds} s.{Environment.NewLine}{run.ReadLogEnd()}").TrimEnd(), exception);
        }
    }

    /// <summary>Gives the running service other settings, and waits until it works by them.</summary>
    /// <exception cref="DeploymentException">It refused, because a model cannot be loaded, or it ended; it goes on by the settings it had.</exception>
    public async Task ConfigureAsync(RunSettings next, CancellationToken cancellationToken)
    {
        if (run.ReadState()?.Url is { } url)
        {
            using var client = CreateClient(OnlineServices.StartLimit);
            using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(next, FileJson.Instance.RunSettings));
            using var request = Control(url, ConfigurationEndpoint.Path, body);
            try
            {
                using var response = await client.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode) return;
                throw new DeploymentException($"The service continues as it was, because the change was refused: {await ReasonAsync(response, cancellationToken)}");
            }
            catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
            {
                // It crashed, before or after it took the settings over.
            }
        }

        await WaitUntilReadyAsync(null, cancellationToken);
        if (JsonSerializer.Serialize(run.ReadSettings(), FileJson.Instance.RunSettings) != JsonSerializer.Serialize(next, FileJson.Instance.RunSettings))
            throw new DeploymentException($"The service crashed when it was to be changed, and goes on as it was.{Environment.NewLine}{string.Join(Environment.NewLine, run.ReadLog(20))}");
    }

    /// <summary>Ends both processes: lets the service finish what it is at, and ends by force what has not ended after twelve seconds. Nothing happens where there are none.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!run.IsSupervised && !run.IsAlive) return;
        run.RequestStop();
        if (!run.IsSupervised) await AskToStopAsync(cancellationToken);
        // The supervisor ends the service, by force if need be, and needs a moment for itself.
        await WaitUntilAsync(() => !run.IsSupervised && !run.IsAlive, Grace + TimeSpan.FromSeconds(3), cancellationToken);
        await KillAsync(cancellationToken);
    }

    /// <summary>Ends the service's process, for its supervisor: lets it finish what it is at, and ends it by force if it has not done so after twelve seconds.</summary>
    /// <param name="child">The process, if the supervisor has started it; null if it was found running.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task EndProcessAsync(Process? child, CancellationToken cancellationToken)
    {
        bool HasEnded() => child?.HasExited ?? !run.IsAlive;
        var wasAsked = false;
        using (var grace = new CancellationTokenSource(Grace, time))
        {
            while (!HasEnded() && !grace.IsCancellationRequested)
            {
                // Once it listens.
                wasAsked = wasAsked || await AskToStopAsync(cancellationToken);
                await Task.Delay(Poll, time, cancellationToken);
            }
        }

        if (child is { HasExited: false }) child.Kill();
        else if (child is null) await KillAsync(run.AliveLock, () => run.ReadState()?.ProcessId, cancellationToken);
    }

    /// <summary>Ends both processes by force, first the one that would start the other again. Nothing happens where there are none.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (run.IsSupervised || run.IsAlive) run.RequestStop();
        await KillAsync(run.SupervisorLock, () => run.ReadSupervisor()?.ProcessId, cancellationToken);
        await KillAsync(run.AliveLock, () => run.ReadState()?.ProcessId, cancellationToken);
    }

    private async Task KillAsync(string lockFile, Func<int?> processId, CancellationToken cancellationToken)
    {
        while (FileLock.IsTaken(lockFile))
        {
            // While the lock is held its holder exists, and the holder has written this number: it is nobody else's.
            if (processId() is { } number)
            {
                try
                {
                    using var process = Process.GetProcessById(number);
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

    private async Task<RunState> WaitAsync(Process? supervisor, CancellationToken cancellationToken)
    {
        var errors = supervisor?.StandardError.ReadToEndAsync(cancellationToken);
        while (true)
        {
            // Asked before the states are read: what was written last is read.
            var ended = supervisor?.HasExited ?? !(run.IsSupervised || run.IsAlive);
            if (run.ReadState() is { Url: { } url, Ready: not null, Stopped: null } state && await IsReadyAsync(url, cancellationToken)) return state;
            if (run.ReadSupervisor() is { Phase: SupervisorPhase.Failed or SupervisorPhase.Stopped } over) throw new DeploymentException($"The service did not become ready. {over.Reason}");
            if (ended) throw new DeploymentException($"The service's supervisor ended before the service was ready.{Environment.NewLine}{(errors is null ? "" : await errors)}".TrimEnd());
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private async Task<bool> AskToStopAsync(CancellationToken cancellationToken)
    {
        if (run.ReadState()?.Url is not { } url) return false;
        using var client = CreateClient(ProbeTimeout);
        using var request = Control(url, StopEndpoint.Path, null);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return response.StatusCode == HttpStatusCode.Accepted;
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            // It does not listen any more, or not yet; if it does not end either, it is ended by force.
            return false;
        }
    }

    private HttpRequestMessage Control(Uri url, string path, HttpContent? body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, path)) { Content = body };
        request.Headers.Add(StopEndpoint.KeyHeader, run.ReadSettings().ControlKey);
        return request;
    }

    private async Task WaitUntilAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(limit, time);
        while (!condition() && !end.IsCancellationRequested) await Task.Delay(Poll, time, cancellationToken);
    }

    /// <summary>Returns why a request was refused: the service's own error, or else what kind of response came.</summary>
    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            if (JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), ResponseJson.Instance.ErrorResponse) is { } error) return error.ErrorMsg;
        }
        catch (JsonException)
        {
            // Something else answers at the service's address; its status and type say what there is to say.
        }

        return FormattableString.Invariant(
            $"{response.RequestMessage!.RequestUri} answered {(int)response.StatusCode} {response.ReasonPhrase} with {response.Content.Headers.ContentType?.MediaType ?? "no content type"}, which is not a response of the service. Which program listens there?");
    }

    // The processes of a service run on this machine: no proxy has a part in what they are asked, or may see the control key.
    private static HttpClient CreateClient(TimeSpan timeout) => new(new SocketsHttpHandler { UseProxy = false }) { Timeout = timeout };

    private static bool IsNoAnswer(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested);
}
