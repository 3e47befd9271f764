using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Tests;

public sealed class EditorCommTests
{
    [Fact]
    public async Task Comm_AskedForSignatures_TellsOverloadsWithTheirParameters()
    {
        await using var kernel = new RunningKernel();
        await OpenAsync(kernel);
        await kernel.FrontEnd.RunAsync("int Twice(int number) => 2 * number;");

        var data = await AskAsync(kernel, "signatures", "Twice(", 6);

        Assert.EndsWith("number", (string?)data["signatures"]?[0]?["parameters"]?[0]?["label"], StringComparison.Ordinal);
        Assert.Equal(0, (int?)data["activeParameter"]);
    }

    [Fact]
    public async Task Comm_AskedForDiagnostics_TellsPlacesAndWhetherTheyAreOfSyntax()
    {
        await using var kernel = new RunningKernel();
        await OpenAsync(kernel);

        var unknown = await AskAsync(kernel, "diagnostics", "var a = 1;\nmissing + 1", 0);
        var unfinished = await AskAsync(kernel, "diagnostics", "var = ;", 0);
        await kernel.FrontEnd.RunAsync("var missing = 1;");
        var known = await AskAsync(kernel, "diagnostics", "var a = 1;\nmissing + 1", 0);

        var found = Assert.Single((JsonArray)unknown["diagnostics"]!)!;
        Assert.Equal(
            ("CS0103", 11, 18, false),
            ((string?)found["code"], (int)found["start"]!, (int)found["end"]!, (bool)found["isSyntax"]!));
        Assert.Contains((JsonArray)unfinished["diagnostics"]!, diagnostic => (bool)diagnostic!["isSyntax"]!);
        Assert.Empty((JsonArray)known["diagnostics"]!);
    }

    [Fact]
    public async Task Comm_OfAnotherTarget_IsClosed()
    {
        await using var kernel = new RunningKernel();
        await kernel.FrontEnd.WaitUntilReadyAsync();

        Assert.Equal("comm_close", await FirstAsync(kernel, kernel.FrontEnd.Send("comm_open", new()
        {
            ["comm_id"] = "x",
            ["target_name"] = "nobody",
            ["data"] = new JsonObject()
        }), "comm_close", "status"));
    }

    private static async Task OpenAsync(RunningKernel kernel)
    {
        await kernel.FrontEnd.WaitUntilReadyAsync();
        kernel.FrontEnd.Send(
            "comm_open",
            new() { ["comm_id"] = "editor", ["target_name"] = "mnistlab.editor", ["data"] = new JsonObject() });
    }

    private static async Task<JsonObject> AskAsync(RunningKernel kernel, string kind, string code, int position)
    {
        var request = kernel.FrontEnd.Send("comm_msg", new()
        {
            ["comm_id"] = "editor",
            ["data"] = new JsonObject { ["id"] = 1, ["kind"] = kind, ["code"] = code, ["position"] = position },
        });
        await foreach (var message in kernel.FrontEnd.MessagesAsync(request))
        {
            if (message.Type == "comm_msg") return (JsonObject)message.Content["data"]!;
        }

        throw new InvalidOperationException("The kernel did not answer.");
    }

    private static async Task<string> FirstAsync(RunningKernel kernel, string request, string wanted, string passedOver)
    {
        await foreach (var message in kernel.FrontEnd.MessagesAsync(request))
        {
            if (message.Type == wanted || message.Type != passedOver) return message.Type;
        }

        return "";
    }
}
