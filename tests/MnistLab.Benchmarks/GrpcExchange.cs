using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace MnistLab.Benchmarks;

/// <summary>
/// Repeats the same gRPC call: its HTTP/2 frames are created once and sent with a new stream ID each time.
/// </summary>
internal sealed class GrpcExchange : IExchange
{
    private const int FrameHeader = 9;
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, GoAway = 7, WindowUpdate = 8;
    private const byte EndStream = 1, Acknowledgement = 1, EndHeaders = 4;

    private readonly byte[] _request;
    private readonly int _dataFrame;
    private readonly byte[] _received = new byte[64 * 1024];
    private int _count;
    private int _stream = -1;

    /// <param name="socket">The new connection.</param>
    /// <param name="authority">The server's name and port.</param>
    /// <param name="path">The method, such as <c>/inference.GRPCInferenceService/ModelInfer</c>.</param>
    /// <param name="message">The request's message; at most 16 KB.</param>
    public GrpcExchange(Socket socket, string authority, string path, byte[] message)
    {
        // Without a header table, both sides send headers in full; with windows this large, neither side has to wait.
        byte[] settings = [0, 1, 0, 0, 0, 0, 0, 4, 0x7F, 0xFF, 0xFF, 0xFF];
        socket.Send([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
            .. Frame(Settings, 0, settings),
            .. Frame(WindowUpdate, 0, [0x7F, 0xFF, 0, 0])]);
        byte[] headers =
        [
            0x83, 0x86, .. Literal([0x04], path), .. Literal([0x01], authority), .. Literal([0x0F, 0x10], "application/grpc"),
            0x00, 2, .. "te"u8, 8, .. "trailers"u8,
        ];
        var head = Frame(Headers, EndHeaders, headers);
        byte[] prefixed = [0, 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteInt32BigEndian(prefixed.AsSpan(1), message.Length);
        _dataFrame = head.Length;
        _request = [.. head, .. Frame(Data, EndStream, prefixed)];
    }

    public void Ask(Socket socket)
    {
        _stream += 2;
        BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(5), _stream);
        BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(_dataFrame + 5), _stream);
        socket.Send(_request);
        var hasMessage = false;
        while (true)
        {
            var (type, flags, length) = Next(socket);
            switch (type)
            {
                case Settings when flags != Acknowledgement:
                    socket.Send(Frame(Settings, Acknowledgement, []));
                    break;
                case Data:
                    hasMessage |= length > 0;
                    break;
                case Headers when (flags & EndStream) != 0:
                    // A failed call has a status, but no message.
                    if (!hasMessage) throw new InvalidOperationException("The server refused a call.");
                    return;
                case Reset or GoAway:
                    throw new InvalidOperationException("The server ended a call or the connection.");
            }
        }
    }

    private static byte[] Frame(byte type, byte flags, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0, .. payload];

    // A header that is not added to a table: the index of its name, and its value.
    private static byte[] Literal(byte[] name, string value) => [.. name, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    private (byte Type, byte Flags, int Length) Next(Socket socket)
    {
        Fill(socket, FrameHeader);
        var length = (_received[0] << 16) | (_received[1] << 8) | _received[2];
        Fill(socket, FrameHeader + length);
        var (type, flags) = (_received[3], _received[4]);
        _count -= FrameHeader + length;
        _received.AsSpan(FrameHeader + length, _count).CopyTo(_received);
        return (type, flags, length);
    }

    private void Fill(Socket socket, int count)
    {
        while (_count < count)
        {
            var received = socket.Receive(_received.AsSpan(_count));
            if (received == 0) throw new InvalidOperationException("The server closed the connection.");
            _count += received;
        }
    }
}
