using System.Text.Json.Nodes;
using MnistLab.Kernel.Installation;
using MnistLab.Kernel.Jupyter;

namespace MnistLab.Studio.Kernels;

/// <summary>
/// Represents the kernel of a notebook: its process and the communication with it. A restart starts a new process.
/// </summary>
internal sealed class NotebookKernel : IAsyncDisposable
{
    private const string EditorTarget = "mnistlab.editor";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EditorTimeout = TimeSpan.FromSeconds(10);

    private readonly string _folder;
    private readonly Action<JupyterChannel, JupyterMessage> _receive;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, TaskCompletionSource<JsonObject>> _editorReplies = [];
    private readonly string _comm = Guid.NewGuid().ToString("N");
    private KernelProcess? _process;
    private KernelClient? _client;
    private bool _hasEditor;
    private int _editorRequest;

    /// <summary>Initializes a kernel without starting it.</summary>
    /// <param name="specification">The kernel specification.</param>
    /// <param name="folder">The folder of the notebook.</param>
    /// <param name="receive">Handles each message. Called on another thread, which it blocks.</param>
    public NotebookKernel(KernelSpecification specification, string folder, Action<JupyterChannel, JupyterMessage> receive) =>
        (Specification, _folder, _receive) = (specification, folder, receive);

    /// <summary>Occurs when the process ends unexpectedly; the argument describes how.</summary>
    public event Action<string>? Died;

    /// <summary>Gets the kernel specification.</summary>
    public KernelSpecification Specification { get; }

    /// <summary>Gets whether the kernel is running.</summary>
    public bool IsRunning => _client is not null;

    /// <summary>Gets the ID of the process; null if the kernel is not running.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>Starts the kernel if it is not running, and waits until it responds.</summary>
    /// <exception cref="StudioException">The kernel does not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_client is not null) return;
            var process = KernelProcess.Start(Specification, _folder);
            var client = new KernelClient(process.Connection, Receive);
            try
            {
                await WaitUntilReadyAsync(process, client, cancellationToken);
            }
            catch
            {
                client.Dispose();
                await process.DisposeAsync();
                throw;
            }

            (_process, _client, _hasEditor) = (process, client, true);
            JsonObject opening = new() { ["comm_id"] = _comm, ["target_name"] = EditorTarget, ["data"] = new JsonObject() };
            client.Send(JupyterChannel.Shell, "comm_open", opening);
            _ = WatchAsync(process);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends a request to execute code.</summary>
    /// <returns>The ID of the request.</returns>
    public string Execute(string code) => Client.Send(JupyterChannel.Shell, "execute_request", new()
    {
        ["code"] = code,
        ["silent"] = false,
        ["store_history"] = true,
        ["user_expressions"] = new JsonObject(),
        ["allow_stdin"] = true,
        ["stop_on_error"] = true,
    });

    /// <summary>Interrupts the running cell.</summary>
    public void Interrupt()
    {
        if (_client is null) return;
        if (Specification.IsInterruptedByMessage) _client.Send(JupyterChannel.Control, "interrupt_request", []);
        else _process?.SendInterrupt();
    }

    /// <summary>Sends the input that the running cell requested.</summary>
    public void Reply(JupyterMessage question, string answer) =>
        _client?.Send(JupyterChannel.Stdin, "input_reply", new() { ["status"] = "ok", ["value"] = answer }, question);

    /// <summary>
    /// Sends a request other than one to execute code, and returns the reply; null if the kernel is not running or does
    /// not reply in time.
    /// </summary>
    public async Task<JsonObject?> AskAsync(string type, JsonObject content, CancellationToken cancellationToken)
    {
        if (_client is not { } client) return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(EditorTimeout);
        try
        {
            return await client.RequestAsync(JupyterChannel.Shell, type, content, patience.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>
    /// Sends an editor request that the Jupyter protocol does not define, and returns the reply; null if the kernel
    /// does not support it.
    /// </summary>
    public async Task<JsonObject?> AskEditorAsync(JsonObject question, CancellationToken cancellationToken)
    {
        if (_client is not { } client || !_hasEditor) return null;
        var reply = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = $"{Interlocked.Increment(ref _editorRequest)}";
        lock (_editorReplies) _editorReplies[id] = reply;
        try
        {
            question["id"] = id;
            client.Send(JupyterChannel.Shell, "comm_msg", new() { ["comm_id"] = _comm, ["data"] = question });
            return await reply.Task.WaitAsync(EditorTimeout, cancellationToken);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException)
        {
            return null;
        }
        finally
        {
            lock (_editorReplies) _editorReplies.Remove(id);
        }
    }

    /// <summary>Ends the process; a running cell is lost.</summary>
    public async Task StopAsync()
    {
        await _turn.WaitAsync();
        try
        {
            var (process, client) = (_process, _client);
            (_process, _client) = (null, null);
            client?.Dispose();
            if (process is not null) await process.DisposeAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _turn.Dispose();
    }

    private KernelClient Client => _client ?? throw new StudioException("The kernel is not running. Restart it.");

    private static async Task WaitUntilReadyAsync(KernelProcess process, KernelClient client, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartTimeout);
        var ready = client.WaitUntilReadyAsync(patience.Token);
        if (await Task.WhenAny(ready, process.Ended) != ready)
        {
            await patience.CancelAsync();
            throw new StudioException($"The kernel exited before it was ready: {process.Description}");
        }

        try
        {
            await ready;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StudioException(
                $"The kernel did not respond within {StartTimeout.TotalSeconds} seconds. Restart it, or choose another one.");
        }
    }

    private async Task WatchAsync(KernelProcess process)
    {
        await process.Ended;
        if (_process != process) return;
        var description = process.Description;
        await StopAsync();
        Died?.Invoke(description);
    }

    private void Receive(JupyterChannel channel, JupyterMessage message)
    {
        if (channel == JupyterChannel.IOPub && message.Type is "comm_msg" or "comm_close" && (string?)message.Content["comm_id"] == _comm)
            ReceiveEditor(message);
        else
            _receive(channel, message);
    }

    private void ReceiveEditor(JupyterMessage message)
    {
        TaskCompletionSource<JsonObject>? reply = null;
        lock (_editorReplies)
        {
            if (message.Type == "comm_close") _hasEditor = false;
            else if (message.Content["data"] is JsonObject data && (string?)data["id"] is { } id)
                reply = _editorReplies.GetValueOrDefault(id);
        }

        if (message.Content["data"] is JsonObject found) reply?.TrySetResult(found);
    }
}
