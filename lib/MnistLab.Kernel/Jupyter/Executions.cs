using System.Text.Json.Nodes;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Sessions;

namespace MnistLab.Kernel.Jupyter;

/// <summary>Handles <c>execute_request</c>s, one at a time.</summary>
internal sealed class Executions(ScriptSession session, InputReplies replies, RawOutput? raw, TimeProvider time)
    : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _running;
    private CellOutput? _output;
    private int _count;

    public ExecutionHistory History { get; } = new();

    /// <summary>Gets the output of the running cell, or of the last one that ran; null before the first.</summary>
    public CellOutput? Output => _output;

    /// <summary>Runs the cell of a request.</summary>
    /// <returns>Whether to run the cells that are waiting.</returns>
    public async Task<bool> RunAsync(JupyterRequest request)
    {
        var code = request.Text("code");
        var silent = request.Value("silent", false);
        var stored = request.Value("store_history", true) && !silent;
        var number = stored ? ++_count : _count;
        if (!silent) request.Publish("execute_input", new() { ["code"] = code, ["execution_count"] = number });

        // Not disposed at the end of the cell, because its background work may still write to the output.
        var output = _output = new CellOutput(request.Publish, time);
        using var stop = BeginRunning();
        var input = new FrontEndInput(request, replies, output);
        var result = await session.RunAsync(new CellRequest(code, number, output, input), stop.Token);
        if (raw is not null) await raw.DrainAsync();
        if (stored) History.Add(number, code, result.Value is { } value && value.TryGetText("text/plain", out var text) ? text : null);
        if (result.Error is { } error)
        {
            EndRunning();
            output.Publish("error", ErrorContent(error));
            request.Reply(Status("error", number, ErrorContent(error)));
            return !request.Value("stop_on_error", true);
        }

        if (result.Value is { } data && !silent)
            output.Publish("execute_result", new()
            {
                ["execution_count"] = number,
                ["data"] = CellOutput.Data(data),
                ["metadata"] = new JsonObject()
            });
        output.Flush();
        var expressions = await EvaluateAsync(request, number, stop.Token);
        EndRunning();
        request.Reply(Status("ok", number, new() { ["user_expressions"] = expressions, ["payload"] = new JsonArray() }));
        return true;
    }

    /// <summary>Replies to a request whose cell does not run because an earlier cell failed.</summary>
    public void Abort(JupyterRequest request) => request.Reply(Status("aborted", _count, []));

    /// <summary>Interrupts the running cell, if any.</summary>
    public void Interrupt()
    {
        CancellationTokenSource? running;
        lock (_lock) running = _running;
        // Runs on a dedicated thread, because a cancellation callback of a cell must not delay messages, and the cell
        // may keep all thread-pool threads busy.
        if (running is not null) new Thread(() => Cancel(running)) { IsBackground = true, Name = "interrupt" }.Start();
    }

    public void Dispose() => _output?.Dispose();

    private static void Cancel(CancellationTokenSource running)
    {
        try
        {
            running.Cancel();
        }
        catch (Exception error) when (error is AggregateException or ObjectDisposedException)
        {
            // A cancellation callback of the cell threw an exception, or the cell has just ended.
        }
    }

    private static JsonObject ErrorContent(CellError error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => JsonValue.Create(line))]),
    };

    private static JsonObject Status(string status, int number, JsonObject content)
    {
        content["status"] = status;
        content["execution_count"] = number;
        return content;
    }

    private CancellationTokenSource BeginRunning()
    {
        var stop = new CancellationTokenSource();
        lock (_lock) _running = stop;
        return stop;
    }

    private void EndRunning()
    {
        lock (_lock) _running = null;
    }

    private async Task<JsonObject> EvaluateAsync(JupyterRequest request, int number, CancellationToken cancellationToken)
    {
        var values = new JsonObject();
        foreach (var (name, expression) in request.Content["user_expressions"] as JsonObject ?? [])
        {
            var result = await session.RunAsync(new CellRequest((string?)expression ?? "", number, _output!, null), cancellationToken);
            values[name] = result.Error is { } error
                ? Status("error", number, ErrorContent(error))
                : new()
                {
                    ["status"] = "ok",
                    ["data"] = CellOutput.Data(result.Value ?? MimeBundle.Empty),
                    ["metadata"] = new JsonObject()
                };
        }

        return values;
    }
}
