using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using MnistLab.Kernel.Jupyter;
using NetMQ;
using NetMQ.Sockets;

namespace MnistLab.Studio.Kernels;

/// <summary>
/// Represents a client of a Jupyter kernel: https://jupyter-client.readthedocs.io/en/latest/messaging.html.
/// </summary>
internal sealed class KernelClient : IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);

    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly MessageFrames _frames;
    private readonly Dictionary<JupyterChannel, NetMQSocket> _sockets;
    private readonly NetMQQueue<(JupyterChannel Channel, JupyterMessage Message)> _outgoing = new();
    private readonly NetMQPoller _poller;
    private readonly Action<JupyterChannel, JupyterMessage> _receive;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonObject>> _replies = new();
    private readonly TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Connects to a kernel, which need not have bound its sockets yet.</summary>
    /// <param name="connection">The connection of the kernel.</param>
    /// <param name="receive">Handles each message. Called on the thread of the sockets, which it blocks.</param>
    public KernelClient(ConnectionFile connection, Action<JupyterChannel, JupyterMessage> receive)
    {
        (_frames, _receive) = (new(connection.Key), receive);
        var identity = Encoding.ASCII.GetBytes(_session);
        _sockets = new()
        {
            [JupyterChannel.Shell] = new DealerSocket { Options = { Identity = identity } },
            [JupyterChannel.Control] = new DealerSocket { Options = { Identity = identity } },
            [JupyterChannel.Stdin] = new DealerSocket { Options = { Identity = identity } },
            [JupyterChannel.IOPub] = new SubscriberSocket(),
        };
        ((SubscriberSocket)_sockets[JupyterChannel.IOPub]).SubscribeToAnyTopic();
        _poller = [_outgoing];
        foreach (var (channel, socket) in _sockets)
        {
            socket.Options.Linger = TimeSpan.Zero;
            socket.Options.SendHighWatermark = 0;
            socket.Options.ReceiveHighWatermark = 0;
            socket.ReceiveReady += (_, _) => Receive(channel, socket);
            socket.Connect(connection.Of(channel));
            _poller.Add(socket);
        }

        _outgoing.ReceiveReady += (_, _) => SendQueued();
        _poller.RunAsync("kernel client", isBackgroundThread: true);
    }

    /// <summary>Sends a message.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="type">The message type.</param>
    /// <param name="content">The content.</param>
    /// <param name="parent">The message that it responds to; null if there is none.</param>
    /// <returns>The ID of the message.</returns>
    public string Send(JupyterChannel channel, string type, JsonObject content, JupyterMessage? parent = null)
    {
        var message = parent is null ? JupyterMessage.Request(type, content, _session) : parent.Child(type, content, _session, []);
        _outgoing.Enqueue((channel, message));
        return message.Id;
    }

    /// <summary>Sends a request, and returns the content of its reply.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="type">The request type.</param>
    /// <param name="content">The content.</param>
    /// <param name="cancellationToken">Stops waiting; the kernel may still handle the request.</param>
    public async Task<JsonObject> RequestAsync(
        JupyterChannel channel, string type, JsonObject content, CancellationToken cancellationToken)
    {
        var message = JupyterMessage.Request(type, content, _session);
        var reply = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _replies[message.Id] = reply;
        try
        {
            _outgoing.Enqueue((channel, message));
            return await reply.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _replies.TryRemove(message.Id, out _);
        }
    }

    /// <summary>Waits until the kernel replies, and its published messages arrive here.</summary>
    /// <returns>The content of the kernel's <c>kernel_info_reply</c>.</returns>
    public async Task<JsonObject> WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        // Messages published before the subscription reaches the kernel are lost: repeat the request until one arrives.
        while (true)
        {
            var information = await RequestAsync(JupyterChannel.Shell, "kernel_info_request", [], cancellationToken);
            if (await Task.WhenAny(_published.Task, Task.Delay(Retry, cancellationToken)) == _published.Task) return information;
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Dispose()
    {
        _poller.Dispose();
        _outgoing.Dispose();
        foreach (var socket in _sockets.Values) socket.Dispose();
        foreach (var reply in _replies.Values) reply.TrySetCanceled();
    }

    private void Receive(JupyterChannel channel, NetMQSocket socket)
    {
        var frames = new NetMQMessage();
        while (socket.TryReceiveMultipartMessage(ref frames))
        {
            if (_frames.Read([.. frames.Select(frame => frame.ToByteArray())]) is not { } message) continue;
            if (channel == JupyterChannel.IOPub) _published.TrySetResult();
            _receive(channel, message);
            if (channel is JupyterChannel.Shell or JupyterChannel.Control
                && message.ParentId is { } parent && _replies.TryGetValue(parent, out var reply))
                reply.TrySetResult(message.Content);
        }
    }

    private void SendQueued()
    {
        while (_outgoing.TryDequeue(out var next, TimeSpan.Zero))
            _sockets[next.Channel].SendMultipartMessage(new NetMQMessage(_frames.Write(next.Message)));
    }
}
