using System.Text.Json.Nodes;
using MnistLab.Kernel.Jupyter;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class ConnectionFileTests
{
    [Theory]
    [InlineData("ipc")]
    [InlineData("inproc")]
    public void Transport_OtherThanTcp_IsRefusedWithTheReason(string transport)
    {
        using var folder = new TemporaryFolder();
        var json = new JsonObject
        {
            ["transport"] = transport,
            ["ip"] = folder["socket"],
            ["key"] = "",
            ["signature_scheme"] = "hmac-sha256"
        };
        foreach (var name in new[] { "shell_port", "iopub_port", "stdin_port", "control_port", "hb_port" }) json[name] = 1;
        File.WriteAllText(folder["connection.json"], json.ToJsonString());

        var message = Assert.Throws<ConnectionFileException>(() => ConnectionFile.Read(folder["connection.json"])).Message;
        Assert.Contains($"'{transport}'", message);
        Assert.Contains("KernelManager.transport", message);
        Assert.Equal(0, message.LastIndexOf("The connection file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Information_OfTheKernel_NamesTheLanguageVersionThatCellsAreCompiledWith()
    {
        using var session = new Session();
        var told = (await session.TryAsync("#error version")).Error!.Traceback;
        var version = (string)KernelInformation.Content()["language_info"]!["version"]!;
        Assert.Contains(told, line => line.Contains($"Language version: latest ({version})", StringComparison.Ordinal));
    }
}
