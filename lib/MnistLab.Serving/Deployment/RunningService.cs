using System.Diagnostics;
using System.Net;
using System.Text.Json;
using MnistLab.Hosting;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Operations;
using MnistLab.Serving.Responses;

namespace MnistLab.Serving.Deployment;

/// <summary>
/// The processes of an instance, seen from outside: asks whether the service is ready, changes its models, and ends
/// it.
/// </summary>
/// <remarks>
/// Remembers what it has read of the instance, so that a service whose folder was deleted can still be ended.
/// </remarks>
internal sealed class RunningService(InstanceFolder instance, TimeProvider time)
{
    /// <summary>How long a service that is to end may take to answer the requests that are under way.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Grace = Drain + TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    private RunState? _state;
    private string? _controlKey;
    private Task<string>? _errors;

    /// <summary>
    /// Whether it answers that it is ready. Never fails: a service that cannot be reached is not ready.
    /// </summary>
    public static async Task<bool> IsReadyAsync(Uri url, CancellationToken cancellationToken)
    {
        // One short connection: nothing is kept open to a process that may end.
        using var client = CreateClient(ProbeTimeout);
        try
        {
            using var response = await client.GetAsync(new Uri(url, HealthEndpoints.Ready), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (IsNoResponse(exception, cancellationToken))
        {
            return false;
        }
    }

    /// <summary>
    /// Returns what the service's process reports of itself, or reported last if the folder was deleted.
    /// </summary>
    public RunState? ReadState()
    {
        var state = instance.ReadState();
        if (state is not null || !instance.IsDeleted) _state = state;
        _controlKey = instance.FindSettings()?.ControlKey ?? _controlKey;
        return _state;
    }

    /// <summary>Waits until the service is ready.</summary>
    /// <param name="supervisor">Its supervisor, just started; null if it has run for longer.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What it reports of itself.</returns>
    /// <exception cref="DeploymentException">It ended, or was not ready within
    /// <see cref="OnlineServices.StartLimit"/>.</exception>
    public Task<RunState> WaitUntilReadyAsync(Process? supervisor, CancellationToken cancellationToken) => WaitAsync(
        supervisor,
        async state => state is { Url: { } url, Ready: not null, Stopped: null } && await IsReadyAsync(url, cancellationToken),
        cancellationToken);

    /// <summary>Waits until the service has loaded its models and waits for its predecessor to end.</summary>
    /// <inheritdoc cref="WaitUntilReadyAsync"/>
    public Task<RunState> WaitUntilLoadedAsync(Process supervisor, CancellationToken cancellationToken) =>
        WaitAsync(supervisor, state => Task.FromResult(state.Loaded is not null), cancellationToken);

    /// <summary>Changes the settings of the running service and waits until they are in effect.</summary>
    /// <returns>False if the service could not be reached: it has crashed, before or after it took the settings
    /// over.</returns>
    /// <exception cref="DeploymentException">It refused, because a model cannot be loaded, and keeps the settings it
    /// had.</exception>
    public async Task<bool> ConfigureAsync(RunSettings next, CancellationToken cancellationToken)
    {
        if (ReadState()?.Url is not { } url) return false;
        using var client = CreateClient(OnlineServices.StartLimit);
        using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(next, FileJson.Instance.RunSettings));
        using var request = Control(url, ConfigurationEndpoint.Path, body);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode) return true;
            var reason = await ReadReasonAsync(response, cancellationToken);
            throw new DeploymentException($"The service keeps its configuration, because it rejected the change: {reason}");
        }
        catch (Exception exception) when (IsNoResponse(exception, cancellationToken))
        {
            return false;
        }
    }

    /// <summary>
    /// Ends both processes: lets the service finish its requests, and kills what has not ended after twelve seconds.
    /// Does nothing if there are none.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!instance.IsSupervised && !instance.IsAlive) return;
        instance.RequestStop();
        if (!instance.IsSupervised) await AskToStopAsync(cancellationToken);
        // The supervisor ends the service, by force if need be, and needs a moment for itself.
        await WaitUntilAsync(() => !instance.IsSupervised && !instance.IsAlive, Grace + TimeSpan.FromSeconds(3), cancellationToken);
        await KillAsync(cancellationToken);
    }

    /// <summary>
    /// Ends the service's process, for its supervisor: lets it finish its requests, and kills it if it has not ended
    /// after twelve seconds.
    /// </summary>
    /// <param name="child">The process, if the supervisor has started it; null if it was found running.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task EndProcessAsync(Process? child, CancellationToken cancellationToken)
    {
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
        else if (child is null && instance.IsDeleted) _state?.Process?.Kill();
        else if (child is null) await KillAsync(instance.AliveLock, () => instance.ReadState()?.Process, cancellationToken);

        // Without its folder there is no lock to look at.
        bool HasEnded() =>
            child?.HasExited ?? (instance.IsDeleted ? _state?.Process is not { Exists: true } : !instance.IsAlive);
    }

    /// <summary>
    /// Kills both processes, first the one that would restart the other. Does nothing if there are none.
    /// </summary>
    /// <exception cref="DeploymentException">A process cannot be killed, or not be told from others.</exception>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (instance.IsSupervised || instance.IsAlive) instance.RequestStop();
        await KillAsync(instance.SupervisorLock, () => instance.ReadSupervisor()?.Process, cancellationToken);
        await KillAsync(instance.AliveLock, () => instance.ReadState()?.Process, cancellationToken);
    }

    private async Task KillAsync(string lockFile, Func<ProcessIdentity?> holder, CancellationToken cancellationToken)
    {
        for (var start = time.GetTimestamp(); FileLock.IsHeld(lockFile); await Task.Delay(Poll, time, cancellationToken))
        {
            // The holder may not have written yet who it is: what is written then names a process that has ended, or
            // nobody.
            var process = holder();
            process?.Kill();
            if (time.GetElapsedTime(start) <= KillLimit) continue;
            var name = process is { Exists: true } ? FormattableString.Invariant($"Process {process.Id}") : "A process";
            throw new DeploymentException($"{name} holds {lockFile} and cannot be ended. End it yourself, then retry.");
        }
    }

    private async Task<RunState> WaitAsync(
        Process? supervisor,
        Func<RunState, Task<bool>> isReached,
        CancellationToken cancellationToken)
    {
        // Once for the supervisor, whatever is waited for next.
        _errors ??= supervisor?.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = new CancellationTokenSource(OnlineServices.StartLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (true)
            {
                // Asked before the states are read: what was written last is read.
                var ended = supervisor?.HasExited ?? !(instance.IsSupervised || instance.IsAlive);
                if (ReadState() is { } state && await isReached(state)) return state;
                if (instance.ReadSupervisor() is { Phase: SupervisorPhase.Failed or SupervisorPhase.Stopped } over)
                    throw new DeploymentException($"The service did not become ready. {over.Reason}");
                if (ended)
                {
                    var errors = _errors is null ? "" : await _errors;
                    throw new DeploymentException(
                        $"The service's supervisor ended before the service was ready.{Environment.NewLine}{errors}".TrimEnd());
                }

                await Task.Delay(Poll, time, either.Token);
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            var seconds = OnlineServices.StartLimit.TotalSeconds;
            throw new DeploymentException(
                FormattableString.Invariant($"The service was not ready after {seconds} s.{Environment.NewLine}{instance.ReadLogEnd()}").TrimEnd(),
                exception);
        }
    }

    private async Task<bool> AskToStopAsync(CancellationToken cancellationToken)
    {
        if (ReadState()?.Url is not { } url) return false;
        using var client = CreateClient(ProbeTimeout);
        using var request = Control(url, StopEndpoint.Path, null);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return response.StatusCode == HttpStatusCode.Accepted;
        }
        catch (Exception exception) when (IsNoResponse(exception, cancellationToken))
        {
            // It does not listen any more, or not yet; if it does not end either, it is killed.
            return false;
        }
    }

    private HttpRequestMessage Control(Uri url, string path, HttpContent? body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, path)) { Content = body };
        request.Headers.Add(StopEndpoint.KeyHeader, _controlKey);
        return request;
    }

    private async Task WaitUntilAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(limit, time);
        while (!condition() && !end.IsCancellationRequested) await Task.Delay(Poll, time, cancellationToken);
    }

    /// <summary>
    /// Returns why a request was rejected: the service's own error, or else what kind of response came.
    /// </summary>
    private static async Task<string> ReadReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (JsonSerializer.Deserialize(body, ResponseJson.Instance.ErrorResponse) is { } error) return error.ErrorMsg;
        }
        catch (JsonException)
        {
            // Another program listens at the service's address; its status and type say what there is to say.
        }

        var type = response.Content.Headers.ContentType?.MediaType ?? "no content type";
        return FormattableString.Invariant(
            $"{response.RequestMessage!.RequestUri} answered {(int)response.StatusCode} {response.ReasonPhrase} with {type}, ")
            + "which is not a response of the service. Which program listens there?";
    }

    // The processes of a service run on this machine: no proxy has a part in what they are asked, or may see the
    // control key.
    private static HttpClient CreateClient(TimeSpan timeout) =>
        new(new SocketsHttpHandler { UseProxy = false }) { Timeout = timeout };

    private static bool IsNoResponse(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested);
}
