using NetMQ;
using NetMQ.Sockets;

namespace MnistLab.Kernel;

/// <summary>
/// The five sockets of a kernel. One thread owns them: it receives, it answers the heartbeat, and it sends what others have put into its queue, in that order.
/// </summary>
internal sealed class JupyterSockets : IDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly MessageFrames _frames;
    private readonly Dictionary<JupyterChannel, NetMQSocket> _sockets;
    private readonly NetMQQueue<(JupyterChannel Channel, JupyterMessage Message)> _outgoing = new();
    private readonly NetMQPoller _poller;

    /// <summary>Binds the sockets.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="receive">Gets each message that is signed as it should be, on the sockets' thread, which waits for it to return. Others are dropped.</param>
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
            // A slow front end must not lose output, nor hold up a fast one.
            socket.Options.SendHighWatermark = 0;
            socket.Options.ReceiveHighWatermark = 0;
            if (channel == JupyterChannel.Heartbeat) socket.ReceiveReady += (_, _) => socket.SendMultipartMessage(socket.ReceiveMultipartMessage());
            else if (channel != JupyterChannel.IOPub) socket.ReceiveReady += (_, _) => Receive(channel, socket, receive);
            socket.Bind(connection.Of(channel));
            if (channel != JupyterChannel.IOPub) _poller.Add(socket);
        }

        _outgoing.ReceiveReady += (_, _) => SendQueued();
    }

    /// <summary>Begins to receive.</summary>
    public void Start() => _poller.RunAsync("jupyter sockets", isBackgroundThread: true);

    /// <summary>Sends a message, after those that were given before. May be called on any thread.</summary>
    public void Send(JupyterChannel channel, JupyterMessage message) => _outgoing.Enqueue((channel, message));

    /// <summary>Sends what is queued, and closes the sockets.</summary>
    public void Dispose()
    {
        if (_poller.IsRunning) _poller.Stop();
        SendQueued();
        _poller.Dispose();
        _outgoing.Dispose();
        foreach (var socket in _sockets.Values) socket.Dispose();
        // Waits until what was sent has left the process.
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
