using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Sessions;

namespace MnistLab.Kernel.Running;

/// <summary>
/// Represents the command <c>execute</c>, which runs a notebook in this process, and writes the executed notebook or
/// sends its events, even if a cell fails.
/// </summary>
internal static class ExecuteCommand
{
    public const string Name = "execute";

    public const int Succeeded = 0;
    public const int CellFailed = 1;
    public const int Unusable = 2;

    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments is not [Name, ..] || ExecuteArguments.Parse(arguments[1..]) is not { } parsed)
        {
            await Console.Error.WriteLineAsync(ExecuteArguments.Usage);
            return Unusable;
        }

        try
        {
            var folder = parsed.Folder ?? Path.GetDirectoryName(parsed.Notebook)!;
            Directory.SetCurrentDirectory(folder);
            var runner = new NotebookRunner(TimeProvider.System, parsed.Options);
            return parsed.Output is { } output
                ? await RunToFileAsync(runner, parsed.Notebook, folder, output, cancellationToken)
                : await RunToEventsAsync(runner, parsed.Notebook, folder, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotebookFormatException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return Unusable;
        }
    }

    private static async Task<int> RunToFileAsync(
        NotebookRunner runner, string path, string folder, string output, CancellationToken cancellationToken)
    {
        var notebook = Read(path);
        var recorder = new NotebookRecorder(notebook, null);
        using var session = new ScriptSession(folder);
        var run = await runner.RunAsync(session, notebook, recorder, cancellationToken);
        recorder.Apply();
        notebook.Save(output);
        foreach (var line in run.Error?.Traceback ?? []) await Console.Error.WriteLineAsync(line);
        return run.Succeeded ? Succeeded : CellFailed;
    }

    private static async Task<int> RunToEventsAsync(NotebookRunner runner, string path, string folder, CancellationToken cancellationToken)
    {
        EngineWarmUp.Start();
        NotebookProcessGroup.Lead();
        using var interruption = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var begin = FollowParent(interruption);
        // Bypasses the console, which is redirected for the cells.
        await using var output = Console.OpenStandardOutput();
        await using var error = Console.OpenStandardError();
        var events = new RunEventWriter(output, error);
        using var session = new ScriptSession(folder);
        await begin;
        var run = await runner.RunAsync(session, Read(path), events, interruption.Token);
        events.Finish(run);
        return run.Succeeded ? Succeeded : CellFailed;
    }

    private static NotebookDocument Read(string path)
    {
        var notebook = NotebookDocument.Read(path);
        notebook.RequireCSharp();
        return notebook;
    }

    // The first line on standard input starts the run, and each further line interrupts it. The end of standard input
    // means that the parent process, which reads the results, has ended.
    private static Task FollowParent(CancellationTokenSource interruption)
    {
        var input = new StreamReader(Console.OpenStandardInput());
        // Code outside a cell that reads the console must not consume the lines of the parent process.
        Console.SetIn(TextReader.Null);
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            while (input.ReadLine() is not null)
            {
                if (!begin.TrySetResult()) interruption.Cancel();
            }

            NotebookProcessGroup.KillOwn();
        })
        { IsBackground = true, Name = "follow the parent" }.Start();
        return begin.Task;
    }
}
