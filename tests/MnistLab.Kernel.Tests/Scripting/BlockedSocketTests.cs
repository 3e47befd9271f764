using MnistLab.Kernel.Cells;

namespace MnistLab.Kernel.Tests;

public sealed class BlockedSocketTests
{
    [Theory]
    [InlineData("listener.AcceptTcpClient();")]
    [InlineData("client.GetStream().ReadByte();")]
    public async Task Cell_WaitsForASocket_IsInterrupted(string wait)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux says which descriptor a thread waits for.");
        using var session = new Session();
        await session.RunAsync("""
            using System.Net; using System.Net.Sockets;
            var listener = new TcpListener(IPAddress.Loopback, 0); listener.Start();
            var client = new TcpClient(); client.Connect((IPEndPoint)listener.LocalEndpoint);
            var server = listener.AcceptTcpClient();
            """);
        Assert.Equal(
            CellErrorKind.Interrupted,
            (await InterruptedStateTests.InterruptAsync(session, $"Console.WriteLine(\"running\"); {wait}"))?.Kind);
        Assert.Equal("1", await session.RunAsync("1"));
    }
}
