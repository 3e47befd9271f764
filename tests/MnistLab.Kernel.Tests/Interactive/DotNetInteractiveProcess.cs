using System.Diagnostics;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Tests;

/// <summary>Represents a process of the .NET Interactive tool, which handles commands as lines of JSON.</summary>
internal sealed class DotNetInteractiveProcess : IDisposable
{
    private static readonly string[] Ends = ["CommandSucceeded", "CommandFailed"];

    private readonly Process _process;

    private DotNetInteractiveProcess(Process process) => _process = process;

    public static async Task<DotNetInteractiveProcess> StartAsync(string program, string folder)
    {
        string[] arguments = ["stdio", "--default-kernel", "csharp", "--working-dir", folder];
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        var started = new DotNetInteractiveProcess(Process.Start(start)!);
        while ((string?)(await started.ReadAsync())["eventType"] != "KernelReady")
        {
            // Messages of the tool's other kernels about themselves.
        }

        // With the first code, the tool also runs some code of its own.
        await started.SendAsync("SubmitCode", new() { ["code"] = "" });
        return started;
    }

    /// <summary>Sends a command to the C# kernel.</summary>
    /// <returns>The events that the command and the commands that it causes publish.</returns>
    public async Task<IReadOnlyList<JsonNode>> SendAsync(string type, JsonObject command)
    {
        var token = Guid.NewGuid().ToString("N");
        command["targetKernelName"] = "csharp";
        var line = new JsonObject { ["commandType"] = type, ["command"] = command, ["token"] = token, ["routingSlip"] = new JsonArray() };
        await _process.StandardInput.WriteLineAsync(line.ToJsonString());
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        var events = new List<JsonNode>();
        while (true)
        {
            var published = await ReadAsync();
            if ((string?)published["command"]?["token"] is not { } source || !source.StartsWith(token, StringComparison.Ordinal)) continue;
            events.Add(published);
            if (source == token && Ends.Contains((string?)published["eventType"])) return events;
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<JsonNode> ReadAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return JsonNode.Parse(line ?? throw new InvalidOperationException(".NET Interactive's tool has ended."))!;
    }
}
