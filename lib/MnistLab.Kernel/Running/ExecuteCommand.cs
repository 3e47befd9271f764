using System.Text;

namespace MnistLab.Kernel;

/// <summary>The command <c>execute</c>: runs one notebook in this process, and writes the executed one or sends what it makes, also when a cell failed.</summary>
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
            var notebook = NotebookDocument.Read(parsed.Notebook);
            notebook.RequireCSharp();
            var folder = parsed.Folder ?? Path.GetDirectoryName(notebook.Path)!;
            Directory.SetCurrentDirectory(folder);
            var runner = new NotebookRunner(TimeProvider.System, parsed.Options);
            return parsed.Output is { } output
                ? await RunToFileAsync(runner, notebook, folder, output, cancellationToken)
                : await RunToEventsAsync(runner, notebook, folder, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotebookFormatException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return Unusable;
        }
    }

    private static async Task<int> RunToFileAsync(NotebookRunner runner, NotebookDocument notebook, string folder, string output, CancellationToken cancellationToken)
    {
        var recorder = new NotebookRecorder(notebook, null);
        var run = await runner.RunAsync(notebook, folder, recorder, cancellationToken);
        recorder.Apply();
        notebook.Save(output);
        foreach (var line in run.Error?.Traceback ?? []) await Console.Error.WriteLineAsync(line);
        return run.Succeeded ? Succeeded : CellFailed;
    }

    private static async Task<int> RunToEventsAsync(NotebookRunner runner, NotebookDocument notebook, string folder, CancellationToken cancellationToken)
    {
        NotebookProcessGroup.Lead();
        using var interruption = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        FollowParent(interruption);
        // Past the console, which belongs to the cells.
        await using var stream = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16);
        var events = new RunEventWriter(stream);
        var run = await runner.RunAsync(notebook, folder, events, interruption.Token);
        events.Finish(run);
        return run.Succeeded ? Succeeded : CellFailed;
    }

    // A line on standard input interrupts the run; the end of standard input is the end of whoever could read the result.
    private static void FollowParent(CancellationTokenSource interruption)
    {
        var input = new StreamReader(Console.OpenStandardInput());
        // A cell that reads the console finds it empty, rather than the parent's end of the pipe.
        Console.SetIn(TextReader.Null);
        new Thread(() =>
        {
            while (input.ReadLine() is not null) interruption.Cancel();
            NotebookProcessGroup.KillOwn();
        })
        { IsBackground = true, Name = "follow the parent" }.Start();
    }
}
