using System.Diagnostics;
using System.Net;
using System.Text.Json;
using MnistLab.Hosting;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Operations;
using MnistLab.Serving.Responses;

namespace MnistLab.Serving.Deployment;

/// <summary>
/// Controls the processes of an instance from outside: checks whether the service is ready, changes its models, and
/// stops it.
/// </summary>
/// <remarks>
/// Caches the state that it has read, so that a service can be stopped even if its folder was deleted.
/// </remarks>
internal sealed class RunningService(InstanceFolder instance, TimeProvider time)
{
    /// <summary>The maximum time that a stopping service may take to finish the requests in flight.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Grace = Drain + TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    private RunState? _state;
    private string? _controlKey;
    private Task<string>? _errors;

    /// <summary>Returns whether the service reports that it is ready; false if it cannot be reached.</summary>
    public static async Task<bool> IsReadyAsync(Uri url, CancellationToken cancellationToken)
    {
        // A single connection: none is kept open to a process that may end.
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
    /// Returns the state that the service's process reports, or the last known one if the folder was deleted.
    /// </summary>
    public RunState? ReadState()
    {
        var state = instance.ReadState();
        if (state is not null || !instance.IsDeleted) _state = state;
        _controlKey = instance.FindSettings()?.ControlKey ?? _controlKey;
        return _state;
    }

    /// <summary>Waits until the service is ready.</summary>
    /// <param name="supervisor">The supervisor if the caller has just started it; otherwise null.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>The state that the service's process reports.</returns>
    /// <exception cref="DeploymentException">The service ended, or was not ready within
    /// <see cref="OnlineServices.StartLimit"/>.</exception>
    public Task<RunState> WaitUntilReadyAsync(Process? supervisor, CancellationToken cancellationToken) => WaitAsync(
        supervisor,
        async state => state is { Url: { } url, Ready: not null, Stopped: null } && await IsReadyAsync(url, cancellationToken),
        cancellationToken);

    /// <summary>Waits until the service has loaded its models and is waiting for its predecessor to end.</summary>
    /// <inheritdoc cref="WaitUntilReadyAsync"/>
    public Task<RunState> WaitUntilLoadedAsync(Process supervisor, CancellationToken cancellationToken) =>
        WaitAsync(supervisor, state => Task.FromResult(state.Loaded is not null), cancellationToken);

    /// <summary>Changes the settings of the running service and waits until they are in effect.</summary>
    /// <returns>False if the service could not be reached because it has crashed, before or after it applied the
    /// settings.</returns>
    /// <exception cref="DeploymentException">The service rejected the settings because a model cannot be loaded, and
    /// keeps its previous ones.</exception>
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
    /// Stops both processes: lets the service finish its requests, and kills processes that have not ended after 15 s.
    /// A supervisor kills its service after 12 s. Does nothing if neither is running.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!instance.IsSupervised && !instance.IsAlive) return;
        instance.RequestStop();
        if (!instance.IsSupervised) await AskToStopAsync(cancellationToken);
        // The supervisor stops the service, by force if necessary, and needs a moment to end itself.
        await WaitUntilAsync(() => !instance.IsSupervised && !instance.IsAlive, Grace + TimeSpan.FromSeconds(3), cancellationToken);
        await KillAsync(cancellationToken);
    }

    /// <summary>
    /// Stops the service's process on behalf of its supervisor: lets it finish its requests, and kills it if it has not
    /// ended after 12 s.
    /// </summary>
    /// <param name="child">The process if the supervisor started it; null if the supervisor took over a running
    /// process.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    public async Task EndProcessAsync(Process? child, CancellationToken cancellationToken)
    {
        var wasAsked = false;
        using (var grace = new CancellationTokenSource(Grace, time))
        {
            while (!HasEnded() && !grace.IsCancellationRequested)
            {
                // Repeated until the service listens and accepts the request.
                wasAsked = wasAsked || await AskToStopAsync(cancellationToken);
                await Task.Delay(Poll, time, cancellationToken);
            }
        }

        if (child is { HasExited: false }) child.Kill();
        else if (child is null && instance.IsDeleted) _state?.Process?.Kill();
        else if (child is null) await KillAsync(instance.AliveLock, () => instance.ReadState()?.Process, cancellationToken);

        // Without the folder there is no lock file to check.
        bool HasEnded() =>
            child?.HasExited ?? (instance.IsDeleted ? _state?.Process is not { Exists: true } : !instance.IsAlive);
    }

    /// <summary>
    /// Kills both processes, the supervisor first so that it does not restart the service. Does nothing if neither is
    /// running.
    /// </summary>
    /// <exception cref="DeploymentException">A process cannot be killed or cannot be identified.</exception>
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
            // The holder of the lock may not have written its identity yet; the recorded process, if any, has then
            // already ended.
            var process = holder();
            process?.Kill();
            if (time.GetElapsedTime(start) <= KillLimit) continue;
            var name = process is { Exists: true } ? FormattableString.Invariant($"Process {process.Id}") : "A process";
            throw new DeploymentException($"{name} holds {lockFile} and cannot be killed. Kill it yourself, then retry.");
        }
    }

    private async Task<RunState> WaitAsync(
        Process? supervisor,
        Func<RunState, Task<bool>> isReached,
        CancellationToken cancellationToken)
    {
        // Started once per supervisor, even if several states are waited for in turn.
        _errors ??= supervisor?.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = new CancellationTokenSource(OnlineServices.StartLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (true)
            {
                // Checked before the states are read, so that the last state written is not missed.
                var ended = supervisor?.HasExited ?? !(instance.IsSupervised || instance.IsAlive);
                if (ReadState() is { } state && await isReached(state)) return state;
                if (instance.ReadSupervisor() is { Phase: SupervisorPhase.Failed or SupervisorPhase.Stopped } over)
                    throw new DeploymentException($"The service did not become ready. {over.Reason}");
                if (ended)
                {
                    var errors = _errors is null ? "" : await _errors;
                    throw new DeploymentException(
                        $"The service's supervisor exited before the service was ready.{Environment.NewLine}{errors}".TrimEnd());
                }

                await Task.Delay(Poll, time, either.Token);
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            var seconds = OnlineServices.StartLimit.TotalSeconds;
            throw new DeploymentException(
                FormattableString
                    .Invariant($"The service was not ready after {seconds} s.{Environment.NewLine}{instance.ReadLogEnd()}")
                    .TrimEnd(),
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
            // The service does not listen yet or any longer; if it does not end, it is killed.
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
    /// Returns the reason why a request was rejected: the service's own error message, or otherwise a description of
    /// the response.
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
            // Another program listens at the service's address; the message below describes its response.
        }

        var type = response.Content.Headers.ContentType?.MediaType ?? "no content type";
        return FormattableString.Invariant(
            $"{response.RequestMessage!.RequestUri} responded with {(int)response.StatusCode} {response.ReasonPhrase} and {type}, ")
            + "which is not a response of the service. Which program listens there?";
    }

    // The service runs on this machine: its requests must not pass through a proxy, which would also see the control
    // key.
    private static HttpClient CreateClient(TimeSpan timeout) =>
        new(new SocketsHttpHandler { UseProxy = false }) { Timeout = timeout };

    private static bool IsNoResponse(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested);
}
