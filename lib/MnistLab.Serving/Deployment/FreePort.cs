using System.Net;
using System.Net.Sockets;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Deployment;

/// <summary>Ports that nobody listens on.</summary>
internal static class FreePort
{
    // Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152): none of those
    // can take a service's port while it restarts.
    private const int First = 20000;
    private const int End = 32000;
    private const int Attempts = 200;

    /// <summary>The port that is preferred, if it is free, or else any that is.</summary>
    /// <exception cref="DeploymentException">There is none.</exception>
    public static int Choose(int? preferred, IPAddress address, Random random)
    {
        if (preferred is { } wanted && IsFree(wanted, address)) return wanted;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = random.Next(First, End);
            if (IsFree(port, address)) return port;
        }

        throw new DeploymentException($"Among {Attempts} ports from {First} to {End} there was none that is free. Name one yourself.");
    }

    /// <summary>Whether a service could listen on it at the moment.</summary>
    public static bool IsFree(int port, IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Elsewhere it is exclusive anyway.
            if (OperatingSystem.IsWindows()) socket.ExclusiveAddressUse = true;
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
