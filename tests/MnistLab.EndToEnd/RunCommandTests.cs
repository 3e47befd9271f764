using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Text.Json.Nodes;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>Tests the command <c>run</c> with notebooks that have nothing to do with digits.</summary>
public sealed class RunCommandTests
{
    [Fact]
    public async Task Run_WithParametersAndOutput_ShowsEachCellAsItGoes()
    {
        await using var workspace = new CopiedWorkspace();
        var notebook = Write(
            workspace,
            "any.ipynb",
            ("var epochs = 3;", "parameters"),
            ("Console.WriteLine($\"epochs: {epochs}\");", null),
            ("new[] { new { Epoch = epochs } }", null));

        var listed = await workspace.RunAsync(null, "run", notebook, "--list-parameters");
        var wrong = await workspace.RunAsync(null, "run", notebook, "-p", "epoch=5");
        var (exitCode, output, error) = await workspace.RunAsync(null, "run", notebook, "-p", "epochs=5", "--show-output");

        Assert.Equal((0, 2, 0), (listed.ExitCode, wrong.ExitCode, exitCode));
        Assert.Contains("  int epochs = 3", listed.Output, StringComparison.Ordinal);
        Assert.Contains("There is no parameter 'epoch'.", wrong.Error, StringComparison.Ordinal);
        Assert.Equal("", error);
        // Not a terminal, so the output consists of whole lines, one for each cell, in chronological order.
        Assert.DoesNotContain('\r', output.ReplaceLineEndings("\n"));
        Assert.Matches(
            @"\[1/1\] any\.ipynb\n +1/4 +[\d.]+ m?s  var epochs = 3;\n +2/4 .*// Parameters\n +epochs: 5\n +3/4 .*\n +4/4 .*\n +done in ",
            output.ReplaceLineEndings("\n"));
        AssertNoAddress(workspace.Executed("any.ipynb"));
        Assert.Contains("<th>Epoch</th>", File.ReadAllText(workspace.Report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithErrorsAndLimits_EndsAsTheExitCodeSays()
    {
        await using var workspace = new CopiedWorkspace();
        var failing = Write(
            workspace,
            "failing.ipynb",
            ("throw new Exception(\"on purpose\");", null),
            ("Console.WriteLine(\"reached\");", null));
        var late = Write(workspace, "late.ipynb", ("1", null), ("while (true) { }", null));

        var stopped = await workspace.RunAsync(null, "run", failing);
        var allowed = await workspace.RunAsync(null, "run", failing, "--allow-errors");
        var timedOut = await workspace.RunAsync(null, "run", late, "--timeout", "3");
        var nonsense = await workspace.RunAsync(null, "run", late, "--timeout", "0");

        Assert.Equal((1, 0, 1), (stopped.ExitCode, allowed.ExitCode, timedOut.ExitCode));
        Assert.Contains("FAILED  throw new Exception", stopped.Output, StringComparison.Ordinal);
        Assert.Contains("cell [1]", stopped.Error, StringComparison.Ordinal);
        Assert.Contains("1 cell failed, which was allowed", allowed.Output, StringComparison.Ordinal);
        Assert.Contains("reached", workspace.Executed("failing.ipynb"), StringComparison.Ordinal);
        Assert.Contains("ran for longer than 3 s", timedOut.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, nonsense.ExitCode);
        Assert.Contains("--timeout", nonsense.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_IsInterrupted_WritesTheReportOfWhatRan()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal that one process could send to another.");
        InterruptSignal.ReachesChildren();
        await using var workspace = new CopiedWorkspace();
        var notebook = Write(
            workspace,
            "long.ipynb",
            ("Console.WriteLine(\"first\");", null),
            ("Console.WriteLine(\"begun\");\nwhile (true) { }", null),
            ("\"never\"", null));
        using var process = workspace.Start(null, "run", notebook, "--show-output");
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = "";
        while (!output.Contains("begun", StringComparison.Ordinal)
            && await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            output += line;

        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(
            CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        output += await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 130, output + await error);
        Assert.Contains("Interrupted:", await error, StringComparison.Ordinal);
        var cells = JsonNode.Parse(workspace.Executed("long.ipynb"))!["cells"]!.AsArray();
        Assert.Equal([1, 2, null], cells.Select(cell => (int?)cell!["execution_count"]));
        Assert.Equal("KeyboardInterrupt", (string?)cells[1]!["outputs"]![1]!["ename"]);
        Assert.Contains("first", File.ReadAllText(workspace.Report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_300Cells_StaysSmall()
    {
        await using var workspace = new CopiedWorkspace();
        const string Measure = "Console.Write($\"{GC.GetTotalMemory(forceFullCollection: true)} {Environment.WorkingSet}\");";
        var cells = Enumerable.Range(1, 300).Select(i => (i is 60 or 180 or 300
            ? Measure
            : $"record R{i}(int X);\nvar x{i} = new R{i}({i});\nConsole.WriteLine(x{i});\nnew[] {{ x{i} }}", (string?)null));
        var notebook = Write(workspace, "many.ipynb", [.. cells]);

        var (exitCode, output, error) = await workspace.RunAsync(null, "run", notebook);

        Assert.True(exitCode == 0, output + error);
        var measured = JsonNode.Parse(workspace.Executed("many.ipynb"))!["cells"]!.AsArray()
            .Select(cell => (string?)cell!["outputs"]![0]!["text"]?[0]).Where(text => text is not null && char.IsDigit(text[0]))
            .Select(text => text!.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture) / 1e6).ToArray()).ToList();
        Assert.Equal(3, measured.Count);
        // Each cell remains as a compilation on which the next ones build; the cost of a cell must not grow with the
        // number of cells before it.
        var (first, second) = (measured[1][0] - measured[0][0], measured[2][0] - measured[1][0]);
        Assert.True(second < 1.5 * first && second < 30, $"120 cells took {first:F1} MB, the next 120 {second:F1} MB.");
        Assert.True(measured[2][1] < 400, $"The process has {measured[2][1]:F0} MB.");
    }

    private static void AssertNoAddress(string text)
    {
        var addresses = NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address.ToString());
        Assert.All(
            addresses.Where(address => address.Length > 4),
            address => Assert.DoesNotContain(address, text, StringComparison.Ordinal));
        Assert.DoesNotContain($"\"{Environment.MachineName}", text, StringComparison.Ordinal);
    }

    private static string Write(CopiedWorkspace workspace, string name, params (string Source, string? Tag)[] cells)
    {
        var notebook = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select((cell, index) => (JsonNode)new JsonObject
            {
                ["cell_type"] = "code",
                ["execution_count"] = null,
                ["id"] = string.Create(CultureInfo.InvariantCulture, $"cell-{index + 1}"),
                ["metadata"] = cell.Tag is null ? new JsonObject() : new JsonObject { ["tags"] = new JsonArray(cell.Tag) },
                ["outputs"] = new JsonArray(),
                ["source"] = cell.Source,
            })]),
            ["metadata"] = new JsonObject(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        File.WriteAllText(workspace.NotebookPath(name), notebook.ToJsonString());
        return workspace.NotebookPath(name);
    }
}
