using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using MnistLab.Kernel.Jupyter;
using NetMQ;
using NetMQ.Sockets;

namespace MnistLab.Kernel.Tests;

/// <summary>Represents a front end of a running kernel.</summary>
internal sealed class FrontEnd : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly MessageFrames _frames;
    private readonly Dictionary<JupyterChannel, NetMQSocket> _sockets;
    private readonly NetMQQueue<(JupyterChannel Channel, IReadOnlyList<byte[]> Frames)> _outgoing = new();
    private readonly NetMQPoller _poller;
    private readonly ConcurrentDictionary<string, Channel<(JupyterChannel Channel, JupyterMessage Message)>> _received = new();
    private readonly TaskCompletionSource _beats = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isReady;

    public FrontEnd(ConnectionFile connection)
    {
        _frames = new(connection.Key);
        var identity = Encoding.ASCII.GetBytes(_session);
        _sockets = new()
        {
            [JupyterChannel.Shell] = new DealerSocket { Options = { Identity = identity } },
            [JupyterChannel.Control] = new DealerSocket { Options = { Identity = identity } },
            [JupyterChannel.Stdin] = new DealerSocket { Options = { Identity = identity } },
            [JupyterChannel.IOPub] = new SubscriberSocket(),
            [JupyterChannel.Heartbeat] = new RequestSocket(),
        };
        ((SubscriberSocket)_sockets[JupyterChannel.IOPub]).SubscribeToAnyTopic();
        _poller = [_outgoing];
        foreach (var (channel, socket) in _sockets)
        {
            socket.Options.Linger = TimeSpan.Zero;
            socket.Options.ReceiveHighWatermark = 0;
            socket.ReceiveReady += (_, _) => Receive(channel, socket.ReceiveMultipartMessage());
            socket.Connect(connection.Of(channel));
            _poller.Add(socket);
        }

        _outgoing.ReceiveReady += (_, _) =>
        {
            while (_outgoing.TryDequeue(out var next, TimeSpan.Zero))
                _sockets[next.Channel].SendMultipartMessage(new NetMQMessage(next.Frames));
        };
        _poller.RunAsync("front end", isBackgroundThread: true);
    }

    /// <summary>Runs a cell and waits until the kernel is idle again.</summary>
    public Task<Answer> RunAsync(string code, params (string Name, JsonNode Value)[] options) =>
        RequestAsync("execute_request", Execute(code, options));

    /// <summary>Sends a request and waits until the kernel has processed it.</summary>
    public async Task<Answer> RequestAsync(string type, JsonObject content, JupyterChannel channel = JupyterChannel.Shell)
    {
        await WaitUntilReadyAsync();
        return await AnswerAsync(Send(type, content, channel));
    }

    public static JsonObject Execute(string code, params (string Name, JsonNode Value)[] options)
    {
        var content = new JsonObject
        {
            ["code"] = code,
            ["silent"] = false,
            ["store_history"] = true,
            ["user_expressions"] = new JsonObject(),
            ["allow_stdin"] = true,
            ["stop_on_error"] = true
        };
        foreach (var (name, value) in options) content[name] = value;
        return content;
    }

    /// <summary>Sends a request.</summary>
    /// <returns>The ID of the request.</returns>
    public string Send(string type, JsonObject content, JupyterChannel channel = JupyterChannel.Shell)
    {
        var message = new JupyterMessage([], [], [], [], []).Child(type, content, _session, []);
        Send(channel, _frames.Write(message));
        return (string)message.Header["msg_id"]!;
    }

    /// <summary>Sends arbitrary frames.</summary>
    public void Send(JupyterChannel channel, IReadOnlyList<byte[]> frames) => _outgoing.Enqueue((channel, frames));

    /// <summary>
    /// Returns the messages that a request causes, as they arrive, until the kernel has processed it.
    /// </summary>
    public async IAsyncEnumerable<JupyterMessage> MessagesAsync(string request)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var received = ReceivedFor(request);
        var (replied, idle) = (false, false);
        while (!replied || !idle)
        {
            var (channel, message) = await received.ReadAsync(patience.Token);
            replied |= channel is JupyterChannel.Shell or JupyterChannel.Control;
            idle |= message.Type == "status" && (string?)message.Content["execution_state"] == "idle";
            yield return message;
        }
    }

    public async Task<Answer> AnswerAsync(string request)
    {
        var messages = new List<JupyterMessage>();
        await foreach (var message in MessagesAsync(request)) messages.Add(message);
        return new(messages);
    }

    /// <summary>
    /// Returns the text that the work of a cell writes to a stream, even after the end of the cell, up to the text that
    /// contains a part.
    /// </summary>
    public async Task<string> TextUntilAsync(string request, string stream, string part)
    {
        var text = "";
        while (!text.Contains(part, StringComparison.Ordinal))
        {
            var (_, message) = await ReceivedFor(request).ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
            if (message.Type == "stream" && (string?)message.Content["name"] == stream) text += (string?)message.Content["text"];
        }

        return text;
    }

    /// <summary>Waits until the kernel replies, and its published messages arrive here.</summary>
    public async Task WaitUntilReadyAsync()
    {
        while (!_isReady)
        {
            // Messages published before the subscription reached the kernel are lost: repeat the request until one
            // arrives.
            var request = Send("kernel_info_request", []);
            var (_, reply) = await ReceivedFor(request).ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
            _isReady = reply.Type == "status";
        }
    }

    /// <summary>Waits until the kernel echoes a heartbeat.</summary>
    public Task BeatAsync()
    {
        Send(JupyterChannel.Heartbeat, ["beat"u8.ToArray()]);
        return _beats.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _poller.Dispose();
        _outgoing.Dispose();
        foreach (var socket in _sockets.Values) socket.Dispose();
    }

    private void Receive(JupyterChannel channel, NetMQMessage frames)
    {
        if (channel == JupyterChannel.Heartbeat)
        {
            _beats.TrySetResult();
            return;
        }

        var message = _frames.Read([.. frames.Select(frame => frame.ToByteArray())])!;
        if ((string?)message.Parent["msg_id"] is { } request) Messages(request).Writer.TryWrite((channel, message));
    }

    private ChannelReader<(JupyterChannel Channel, JupyterMessage Message)> ReceivedFor(string request) => Messages(request).Reader;

    private Channel<(JupyterChannel Channel, JupyterMessage Message)> Messages(string request) =>
        _received.GetOrAdd(request, _ => Channel.CreateUnbounded<(JupyterChannel, JupyterMessage)>());
}
