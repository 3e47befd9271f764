using System.Text.Json.Nodes;
using System.Threading.Channels;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Libraries;
using MnistLab.Kernel.Sessions;

namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Represents a kernel that follows Jupyter's messaging protocol:
/// https://jupyter-client.readthedocs.io/en/latest/messaging.html. Requests on the shell channel are processed one at a
/// time, those on the control channel immediately.
/// </summary>
internal sealed class JupyterKernel : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // A front end that runs cells automatically sends the first one sooner.
    private static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(300);

    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly Channel<JupyterRequest> _requests = Channel.CreateUnbounded<JupyterRequest>();
    private readonly InputReplies _replies = new();
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _firstCell = new();
    private readonly ScriptSession _script;
    private readonly Executions _executions;
    private readonly JupyterSockets _sockets;
    private readonly EditorRequests _editor;
    private readonly EditorComm _comm;
    private readonly RawOutput? _raw;

    private Task? _editorWarmUp;

    // The number of requests still to be aborted of those that were waiting when a cell failed.
    private int _toAbort;

    /// <summary>Binds the sockets. The kernel processes requests once <see cref="RunAsync"/> is called.</summary>
    /// <param name="connection">The connection to the front ends.</param>
    /// <param name="folder">The folder of the notebook.</param>
    /// <param name="time">Provides the time for output batches and delays.</param>
    public JupyterKernel(ConnectionFile connection, string folder, TimeProvider time)
    {
        var strays = new StrayOutput(() => _executions?.Output);
        ConsoleCapture.Strays = strays;
        _script = new(folder, strays, LibrarySnapshots.OfUser());
        _ = WarmUpAsync(time);
        _sockets = new(connection, Receive);
        _raw = RawOutput.Redirect(strays);
        _executions = new(_script, _replies, _raw, time);
        _editor = new(_script);
        _comm = new(_script);
    }

    /// <summary>Interrupts the running cell, like an <c>interrupt_request</c>.</summary>
    public void Interrupt() => _executions.Interrupt();

    /// <summary>
    /// Processes requests until a front end shuts the kernel down or the token is canceled. Then interrupts the running
    /// cell, and waits up to one second for it to stop.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ends = cancellationToken.UnsafeRegister(_ => _end.Cancel(), null);
        _sockets.Start();
        var answering = AnswerAllAsync();
        await Task.Delay(Timeout.Infinite, _end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        _executions.Interrupt();
        await _firstCell.CancelAsync();
        await Task.WhenAny(answering, Task.Delay(Patience, CancellationToken.None));
    }

    public void Dispose()
    {
        _raw?.Dispose();
        _sockets.Dispose();
        _executions.Dispose();
        _script.Dispose();
        _replies.Dispose();
        _firstCell.Dispose();
        _end.Dispose();
    }

    // Uses the time until a front end connects and the user has written the first cell.
    private async Task WarmUpAsync(TimeProvider time)
    {
        try
        {
            await _script.WarmUpAsync();
            await Task.Delay(IdleTime, time, _firstCell.Token);
            await _script.WarmUpEditorAsync(_firstCell.Token);
        }
        catch (OperationCanceledException)
        {
            // The warm-up stops in favor of the first cell, and resumes after it.
        }
    }

    private void Receive(JupyterChannel channel, JupyterMessage message)
    {
        var request = new JupyterRequest(message, channel, _sockets, _session);
        if (channel == JupyterChannel.Stdin) _replies.Receive(message);
        else if (channel == JupyterChannel.Control) AnswerAtOnce(request);
        else _requests.Writer.TryWrite(request);
    }

    private void AnswerAtOnce(JupyterRequest request)
    {
        request.PublishState("busy");
        switch (request.Type)
        {
            case "interrupt_request":
                _executions.Interrupt();
                request.Reply(new() { ["status"] = "ok" });
                break;
            case "shutdown_request":
                ShutDown(request);
                break;
            case "kernel_info_request":
                request.Reply(KernelInformation.Content());
                break;
        }

        request.PublishState("idle");
    }

    private async Task AnswerAllAsync()
    {
        try
        {
            await foreach (var request in _requests.Reader.ReadAllAsync(_end.Token))
            {
                request.PublishState("busy");
                await AnswerAsync(request);
                request.PublishState("idle");
            }
        }
        catch (OperationCanceledException)
        {
            // A shutdown was requested.
        }
    }

    private async Task AnswerAsync(JupyterRequest request)
    {
        try
        {
            await AnswerByTypeAsync(request);
        }
        // A front end must receive a reply to each request, even if processing it throws an exception.
        catch (Exception error)
        {
            request.Reply(new()
            {
                ["status"] = "error",
                ["ename"] = error.GetType().Name,
                ["evalue"] = error.Message,
                ["traceback"] = new JsonArray(error.ToString())
            });
        }
    }

    private async Task AnswerByTypeAsync(JupyterRequest request)
    {
        var isAborted = _toAbort > 0;
        if (isAborted) _toAbort--;
        switch (request.Type)
        {
            case "execute_request" when isAborted:
                _executions.Abort(request);
                break;
            case "execute_request":
                await _firstCell.CancelAsync();
                if (!await _executions.RunAsync(request)) _toAbort = _requests.Reader.Count;
                // Uses the time in which the user reads the result of the first cell.
                _editorWarmUp ??= _script.WarmUpEditorAsync(_end.Token);
                break;
            case "complete_request":
                request.Reply(await _editor.CompleteAsync(request));
                break;
            case "inspect_request":
                request.Reply(await _editor.InspectAsync(request));
                break;
            case "is_complete_request":
                request.Reply(EditorRequests.IsComplete(request));
                break;
            case "history_request":
                request.Reply(_executions.History.Answer(request));
                break;
            case "kernel_info_request":
                request.Reply(KernelInformation.Content());
                break;
            case "comm_info_request":
                request.Reply(new() { ["status"] = "ok", ["comms"] = _comm.Describe() });
                break;
            case "comm_open":
                _comm.Open(request);
                break;
            case "comm_msg":
                await _comm.AnswerAsync(request);
                break;
            case "comm_close":
                _comm.Close(request);
                break;
            case "shutdown_request":
                ShutDown(request);
                break;
        }
    }

    private void ShutDown(JupyterRequest request)
    {
        request.Reply(new() { ["status"] = "ok", ["restart"] = request.Value("restart", false) });
        _end.CancelAsync();
    }
}
