using System.Net;
using System.Net.Sockets;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Deployment;

/// <summary>Finds ports that are not in use.</summary>
internal static class FreePort
{
    // Below the ephemeral ports (from 32768 on Linux, from 49152 elsewhere), so that no outgoing connection can take a
    // service's port while the service restarts.
    private const int First = 20000;
    private const int End = 32000;
    private const int Attempts = 200;

    /// <summary>Returns the preferred port if it is free, or otherwise a random free port.</summary>
    /// <exception cref="DeploymentException">No free port was found.</exception>
    public static int Choose(int? preferred, IPAddress address, Random random)
    {
        if (preferred is { } wanted && IsFree(wanted, address)) return wanted;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = random.Next(First, End);
            if (IsFree(port, address)) return port;
        }

        throw new DeploymentException($"None of {Attempts} ports tried from {First} to {End} is free. Choose a port yourself.");
    }

    /// <summary>Returns whether a service could currently listen on the port.</summary>
    public static bool IsFree(int port, IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // On other systems, the address is exclusive by default.
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
