using NetMQ;
using NetMQ.Sockets;

namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Owns the five sockets of a kernel. A single thread uses them: it receives messages, echoes heartbeats, and sends the
/// queued messages in order.
/// </summary>
internal sealed class JupyterSockets : IDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly MessageFrames _frames;
    private readonly Dictionary<JupyterChannel, NetMQSocket> _sockets;
    private readonly NetMQQueue<(JupyterChannel Channel, JupyterMessage Message)> _outgoing = new();
    private readonly NetMQPoller _poller;

    /// <summary>Binds the sockets.</summary>
    /// <param name="connection">The endpoints to bind.</param>
    /// <param name="receive">
    /// Receives each message with a valid signature, on the thread of the sockets, which waits for it to return. Other
    /// messages are discarded.
    /// </param>
    public JupyterSockets(ConnectionFile connection, Action<JupyterChannel, JupyterMessage> receive)
    {
        _frames = new(connection.Key);
        _sockets = new()
        {
            [JupyterChannel.Shell] = new RouterSocket(),
            [JupyterChannel.IOPub] = new PublisherSocket(),
            [JupyterChannel.Stdin] = new RouterSocket(),
            [JupyterChannel.Control] = new RouterSocket(),
            [JupyterChannel.Heartbeat] = new ResponseSocket(),
        };
        _poller = [_outgoing];
        foreach (var (channel, socket) in _sockets)
        {
            socket.Options.Linger = Linger;
            // Unlimited queues: a slow front end must not lose output or delay a fast one.
            socket.Options.SendHighWatermark = 0;
            socket.Options.ReceiveHighWatermark = 0;
            if (channel == JupyterChannel.Heartbeat)
                socket.ReceiveReady += (_, _) => socket.SendMultipartMessage(socket.ReceiveMultipartMessage());
            else if (channel != JupyterChannel.IOPub) socket.ReceiveReady += (_, _) => Receive(channel, socket, receive);
            socket.Bind(connection.Of(channel));
            if (channel != JupyterChannel.IOPub) _poller.Add(socket);
        }

        _outgoing.ReceiveReady += (_, _) => SendQueued();
    }

    /// <summary>Starts the thread that receives and sends messages.</summary>
    public void Start() => _poller.RunAsync("jupyter sockets", isBackgroundThread: true);

    /// <summary>Queues a message to be sent after the earlier ones. This method is thread-safe.</summary>
    public void Send(JupyterChannel channel, JupyterMessage message) => _outgoing.Enqueue((channel, message));

    /// <summary>Sends the queued messages and closes the sockets.</summary>
    public void Dispose()
    {
        if (_poller.IsRunning) _poller.Stop();
        SendQueued();
        _poller.Dispose();
        _outgoing.Dispose();
        foreach (var socket in _sockets.Values) socket.Dispose();
        // Waits until the messages have been transmitted.
        NetMQConfig.Cleanup(block: true);
    }

    private void Receive(JupyterChannel channel, NetMQSocket socket, Action<JupyterChannel, JupyterMessage> receive)
    {
        var frames = new NetMQMessage();
        while (socket.TryReceiveMultipartMessage(ref frames))
        {
            if (_frames.Read([.. frames.Select(frame => frame.ToByteArray())]) is { } message) receive(channel, message);
        }
    }

    private void SendQueued()
    {
        while (_outgoing.TryDequeue(out var next, TimeSpan.Zero))
            _sockets[next.Channel].SendMultipartMessage(new NetMQMessage(_frames.Write(next.Message)));
    }
}
