using System.Text;
using System.Text.Json.Nodes;
using MnistLab.Kernel.Jupyter;

namespace MnistLab.Kernel.Tests;

public sealed class JupyterKernelTests(RunningKernel kernel) : IClassFixture<RunningKernel>
{
    private FrontEnd FrontEnd => kernel.FrontEnd;

    [Fact]
    public async Task Cell_IsRun_EverythingItMakesComesInOrderBetweenBusyAndIdle()
    {
        var answer = await FrontEnd.RunAsync("Console.Write(\"one\"); display(2); Console.Error.Write(\"three\"); 4");

        Assert.Equal("ok", answer.Status);
        Assert.Equal(["busy", "execute_input", "stream", "display_data", "stream", "execute_result", "idle"], answer.Published);
        Assert.Equal(("one", "three", "4"), (answer.Text(), answer.Text("stderr"), answer.Value));
        Assert.Equal((int)answer.Of("execute_input").Single()["execution_count"]!, (int)answer.Reply["execution_count"]!);
    }

    [Fact]
    public async Task Cell_RunsSilently_CountsNotAndShowsNoValue()
    {
        var before = await FrontEnd.RunAsync("1");
        var silent = await FrontEnd.RunAsync("var quiet = 5; quiet", ("silent", true));
        var unstored = await FrontEnd.RunAsync("quiet", ("store_history", false));
        var after = await FrontEnd.RunAsync("quiet");

        Assert.Equal(["busy", "idle"], silent.Published);
        Assert.Equal(("5", "5"), (unstored.Value, after.Value));
        Assert.Equal((int)before.Reply["execution_count"]! + 1, (int)after.Reply["execution_count"]!);
    }

    [Fact]
    public async Task Cell_WithUserExpressions_GetsTheirValuesAndFailures()
    {
        var answer = await FrontEnd.RunAsync(
            "var width = 3;", ("user_expressions", new JsonObject { ["area"] = "width * 2", ["wrong"] = "nothing" }));

        var expressions = answer.Reply["user_expressions"]!;
        Assert.Equal("6", (string?)expressions["area"]!["data"]!["text/plain"]);
        Assert.Equal("error", (string?)expressions["wrong"]!["status"]);
    }

    [Fact]
    public async Task Cells_WaitBehindOneThatFails_AreAborted()
    {
        var failing = FrontEnd.Send(
            "execute_request",
            FrontEnd.Execute("Console.WriteLine(\"waits\"); Console.ReadLine(); throw new Exception(\"on purpose\");"));
        string[] waiting = [FrontEnd.Send("execute_request", FrontEnd.Execute("1")),
            FrontEnd.Send("execute_request", FrontEnd.Execute("2"))];
        var statuses = new List<string>();
        var answer = new List<JupyterMessage>();
        await foreach (var message in FrontEnd.MessagesAsync(failing))
        {
            answer.Add(message);
            // The other requests are already waiting when the cell continues, because the kernel reads its messages in
            // the order in which they were sent.
            if (message.Type == "input_request") FrontEnd.Send("input_reply", new() { ["value"] = "" }, JupyterChannel.Stdin);
        }

        foreach (var request in waiting) statuses.Add((await FrontEnd.AnswerAsync(request)).Status);
        Assert.Equal("error", new Answer(answer).Status);
        Assert.Equal(["aborted", "aborted"], statuses);
        Assert.Equal("3", (await FrontEnd.RunAsync("3")).Value);
    }

    [Fact]
    public async Task Cell_FailsWithoutStoppingOthers_TheyRun()
    {
        await FrontEnd.WaitUntilReadyAsync();
        var failing = FrontEnd.Send("execute_request", FrontEnd.Execute("throw new Exception(\"on purpose\");", ("stop_on_error", false)));
        var next = FrontEnd.Send("execute_request", FrontEnd.Execute("7"));

        Assert.Equal("error", (await FrontEnd.AnswerAsync(failing)).Status);
        Assert.Equal("7", (await FrontEnd.AnswerAsync(next)).Value);
    }

    [Fact]
    public async Task Cell_Throws_TheErrorHasTheCellsOwnLinesOnly()
    {
        var answer = await FrontEnd.RunAsync("var x = 1;\nthrow new InvalidOperationException(\"boom\");");

        var error = answer.Of("error").Single();
        Assert.Equal(("System.InvalidOperationException", "boom"), ((string?)error["ename"], (string?)error["evalue"]));
        Assert.Equal(
            ["System.InvalidOperationException: boom", $"   at cell {answer.Reply["execution_count"]}, line 2"],
            error["traceback"]!.AsArray().Select(line => (string?)line));
        Assert.Equal("boom", (string?)answer.Reply["evalue"]);
    }

    [Fact]
    public async Task Messages_ThatNobodySigned_AreDroppedAndTheKernelGoesOn()
    {
        await FrontEnd.RunAsync("var touched = false;");
        var forged = new MessageFrames("another key").Write(new JupyterMessage([], [], [], [], []).Child(
            "execute_request", FrontEnd.Execute("touched = true;"), "session", []));
        byte[][][] malformed =
        [
            ["nonsense"u8.ToArray()],
            [],
            ["<IDS|MSG>"u8.ToArray()],
            ["<IDS|MSG>"u8.ToArray(), [], [], [], [], []],
            [.. new MessageFrames(kernel.Connection.Key).Write(new([], [], [], [], []))],
            [.. forged.Select((frame, index) => index == 1 ? Encoding.UTF8.GetBytes(new string('0', 64)) : frame)],
        ];
        foreach (var channel in new[] { JupyterChannel.Shell, JupyterChannel.Control, JupyterChannel.Stdin })
        {
            FrontEnd.Send(channel, forged);
            foreach (var frames in malformed.Where(frames => frames.Length > 0)) FrontEnd.Send(channel, frames);
        }

        Assert.Equal("False", (await FrontEnd.RunAsync("touched")).Value);
        await FrontEnd.BeatAsync();
    }

    [Fact]
    public async Task Completion_BehindAnEmoji_CountsCodePoints()
    {
        const string code = "var s = \"🎈🎈\"; Console.WriteL(s);";
        var cursor = code.EnumerateRunes().TakeWhile(rune => rune.Value != '(').Count();
        var reply = (await FrontEnd.RequestAsync("complete_request", new() { ["code"] = code, ["cursor_pos"] = cursor })).Reply;

        Assert.Equal(["WriteLine"], reply["matches"]!.AsArray().Select(match => (string?)match));
        Assert.Equal((cursor - "WriteL".Length, cursor), ((int)reply["cursor_start"]!, (int)reply["cursor_end"]!));
    }

    [Fact]
    public async Task Inspection_OfANameAndOfACall_HasDocumentation()
    {
        var name = (await FrontEnd.RequestAsync(
            "inspect_request",
            new() { ["code"] = "Console.WriteLine", ["cursor_pos"] = 17, ["detail_level"] = 0 })).Reply;
        var call = (await FrontEnd.RequestAsync(
            "inspect_request", new() { ["code"] = "Math.Max(", ["cursor_pos"] = 9, ["detail_level"] = 0 })).Reply;
        var nothing = (await FrontEnd.RequestAsync(
            "inspect_request", new() { ["code"] = "   ", ["cursor_pos"] = 1, ["detail_level"] = 0 })).Reply;

        Assert.Contains("Writes the", (string?)name["data"]!["text/plain"]);
        Assert.Contains("double Math.Max(double val1, double val2)", (string?)call["data"]!["text/plain"]);
        Assert.Contains("val1: The first of two", (string?)call["data"]!["text/plain"]);
        Assert.False((bool)nothing["found"]!);
    }

    [Theory]
    [InlineData("1 + 1", "complete", null)]
    [InlineData("if (true) {", "incomplete", "    ")]
    [InlineData("var 3x = ;", "invalid", null)]
    [InlineData("#!markdown\n# {", "complete", null)]
    public async Task Code_IsAskedAbout_IsCompleteOrNot(string code, string status, string? indent)
    {
        var reply = (await FrontEnd.RequestAsync("is_complete_request", new() { ["code"] = code })).Reply;
        Assert.Equal((status, indent), ((string?)reply["status"], (string?)reply["indent"]));
    }

    [Fact]
    public async Task Cell_AsksForInput_GetsTheAnswer()
    {
        await FrontEnd.WaitUntilReadyAsync();
        var request = FrontEnd.Send("execute_request", FrontEnd.Execute(
            "Console.Write(\"name? \"); var name = Console.ReadLine(); var secret = await GetPasswordAsync(\"secret?\"); $\"{name} {secret.GetClearTextPassword()} {secret}\""));
        var (answers, questions, messages) = (new Queue<string>(["Ada", "1815"]), new List<JsonObject>(), new List<JupyterMessage>());
        await foreach (var message in FrontEnd.MessagesAsync(request))
        {
            messages.Add(message);
            if (message.Type != "input_request") continue;
            questions.Add(message.Content);
            FrontEnd.Send("input_reply", new() { ["value"] = answers.Dequeue() }, JupyterChannel.Stdin);
        }

        Assert.Equal("Ada 1815 ************", new Answer(messages).Value);
        Assert.Equal(
            [("", false), ("secret?", true)],
            questions.Select(question => ((string)question["prompt"]!, (bool)question["password"]!)));
        var refused = await FrontEnd.RunAsync("await GetInputAsync(\"age?\")", ("allow_stdin", false));
        Assert.Contains("which this front end does not support", (string?)refused.Reply["evalue"]);
    }

    [Fact]
    public async Task Display_IsUpdatedByALaterCell_UnderItsName()
    {
        var shown = await FrontEnd.RunAsync("var shown = display(\"first\");");
        var update = await FrontEnd.RunAsync("shown.Update(\"second\"); ClearOutput(true);");

        var display = shown.Of("display_data").Single();
        var updated = update.Of("update_display_data").Single();
        Assert.Equal("second", (string?)updated["data"]!["text/plain"]);
        Assert.Equal((string?)display["transient"]!["display_id"], (string?)updated["transient"]!["display_id"]);
        Assert.True((bool)update.Of("clear_output").Single()["wait"]!);
    }

    [Fact]
    public async Task Text_IsWrittenByARunningCell_ArrivesWhileItRuns()
    {
        await FrontEnd.WaitUntilReadyAsync();
        var request = FrontEnd.Send("execute_request", FrontEnd.Execute("Console.WriteLine(\"early\"); Console.ReadLine()"));
        var order = new List<string>();
        await foreach (var message in FrontEnd.MessagesAsync(request))
        {
            order.Add(message.Type);
            // The cell ends only when its input request is answered, which happens only after its text has arrived.
            if (message.Type == "stream") FrontEnd.Send("input_reply", new() { ["value"] = "late" }, JupyterChannel.Stdin);
        }

        Assert.True(order.IndexOf("stream") < order.IndexOf("execute_result"));
    }

    [Fact]
    public async Task Text_OfManyLines_ComesWholeInFewMessages()
    {
        var answer = await FrontEnd.RunAsync(
            "for (var i = 0; i < 20_000; i++) Console.WriteLine(i); display(\"end\"); Console.Write(\"after\");");

        Assert.Equal(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i}\n")) + "after", answer.Text());
        Assert.True(answer.Of("stream").Count() < 50);
        Assert.Equal(["stream", "display_data", "stream", "idle"], answer.Published.TakeLast(4));
    }

    [Fact]
    public async Task Text_OfThreadsOfAnyKind_BelongsToTheCell()
    {
        var answer = await FrontEnd.RunAsync(
            """
            var flowing = new System.Threading.Thread(() => Console.WriteLine("flowing"));
            var unsafeThread = new System.Threading.Thread(() => Console.WriteLine("unsafe"));
            flowing.Start(); unsafeThread.UnsafeStart(); flowing.Join(); unsafeThread.Join();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => Console.WriteLine("task"))));
            """);

        Assert.Equal(
            ["flowing", "task", "task", "task", "task", "unsafe"],
            answer.Text().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public async Task Requests_AboutComms_AreAnswered()
    {
        Assert.Equal("{}", (await FrontEnd.RequestAsync("comm_info_request", [])).Reply["comms"]!.ToJsonString());
        await FrontEnd.WaitUntilReadyAsync();
        var opened = FrontEnd.Send("comm_open", new() { ["comm_id"] = "widget", ["target_name"] = "nobody", ["data"] = new JsonObject() });
        await foreach (var message in FrontEnd.MessagesAsync(opened))
        {
            if (message.Type != "comm_close") continue;
            Assert.Equal("widget", (string?)message.Content["comm_id"]);
            return;
        }
    }

    [Fact]
    public async Task History_IsAskedFor_HasCodeAndResults()
    {
        await FrontEnd.RunAsync("1000 + 1");
        await FrontEnd.RunAsync("1000 + 2");
        await FrontEnd.RunAsync("1000 + 1");
        var tail = (await FrontEnd.RequestAsync(
            "history_request",
            new() { ["hist_access_type"] = "tail", ["n"] = 2, ["output"] = true })).Reply["history"]!.AsArray();
        var found = (await FrontEnd.RequestAsync("history_request", new()
        {
            ["hist_access_type"] = "search",
            ["pattern"] = "1000 + ?",
            ["unique"] = true
        })).Reply["history"]!.AsArray();

        Assert.Equal([("1000 + 2", "1002"), ("1000 + 1", "1001")], tail.Select(cell => ((string)cell![2]![0]!, (string)cell[2]![1]!)));
        Assert.Equal(["1000 + 2", "1000 + 1"], found.Select(cell => (string)cell![2]!));
    }

    [Fact]
    public async Task Output_OfAKernel_HasNoAddressOfTheMachine()
    {
        var answer = await FrontEnd.RunAsync("display(new { a = 1 }); new[] { 1, 2 }");
        var text = string.Concat(answer.Messages.Select(message => message.Content.ToJsonString() + message.Metadata.ToJsonString()));
        Assert.DoesNotMatch(@"\b\d{1,3}(\.\d{1,3}){3}\b", text);
    }
}
