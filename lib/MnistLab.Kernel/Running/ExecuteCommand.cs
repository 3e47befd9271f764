namespace MnistLab.Kernel;

/// <summary>The command <c>execute</c>: runs one notebook in this process and writes the executed one, also when a cell failed.</summary>
internal static class ExecuteCommand
{
    public const string Name = "execute";
    public const string OutputOption = "--output";

    /// <summary>Ends the process when its standard input ends: whoever holds the other end is then gone.</summary>
    public const string ParentOption = "--end-with-input";

    public const int Succeeded = 0;
    public const int CellFailed = 1;
    public const int Unusable = 2;

    private const string Usage = $"usage: MnistLab.Kernel {Name} <notebook.ipynb> {OutputOption} <executed.ipynb> [{ParentOption}]";

    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        string? output;
        string input;
        switch (arguments)
        {
            case [Name, var file, OutputOption, var target]:
                (input, output) = (file, target);
                break;
            case [Name, var file, OutputOption, var target, ParentOption]:
                (input, output) = (file, target);
                NotebookProcessGroup.Lead();
                EndWithInput();
                break;
            default:
                await Console.Error.WriteLineAsync(Usage);
                return Unusable;
        }

        try
        {
            output = Path.GetFullPath(output);
            var notebook = NotebookDocument.Read(Path.GetFullPath(input));
            if (notebook.Language is { } language && language != "C#")
            {
                await Console.Error.WriteLineAsync($"{input}: the notebook is written in {language}; only C# can be run.");
                return Unusable;
            }

            Directory.SetCurrentDirectory(Path.GetDirectoryName(notebook.Path)!);
            var run = await new NotebookRunner(TimeProvider.System).RunAsync(notebook, new StandardOutputProgress(), cancellationToken);
            notebook.Save(output);
            if (run.Succeeded) return Succeeded;

            foreach (var line in run.Error!.Traceback) await Console.Error.WriteLineAsync(line);
            return CellFailed;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotebookFormatException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return Unusable;
        }
    }

    private static void EndWithInput()
    {
        var input = Console.OpenStandardInput();
        // A cell that reads the console finds it empty, rather than the parent's end of the pipe.
        Console.SetIn(TextReader.Null);
        new Thread(() =>
        {
            while (input.ReadByte() >= 0)
            {
            }

            NotebookProcessGroup.KillOwn();
        })
        { IsBackground = true, Name = "watch the parent" }.Start();
    }

    /// <summary>Writes records past the console, which belongs to the cells.</summary>
    private sealed class StandardOutputProgress : IProgress<CellProgress>
    {
        private readonly StreamWriter _output = new(Console.OpenStandardOutput()) { AutoFlush = true };

        public void Report(CellProgress value) => _output.Write(ProgressRecord.Write(value));
    }
}
