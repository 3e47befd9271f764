using System.Globalization;

namespace MnistLab.Kernel.Running;

/// <summary>Represents the arguments of the command <c>execute</c>.</summary>
/// <param name="Notebook">The notebook to run.</param>
/// <param name="Output">The file to write the executed notebook to; null to send events to the parent process.</param>
/// <param name="Folder">
/// The folder that relative paths of the notebook start at; null for the folder of the file.
/// </param>
/// <param name="Options">The options of the run.</param>
internal sealed record ExecuteArguments(string Notebook, string? Output, string? Folder, NotebookRunOptions Options)
{
    public const string OutputOption = "--output";
    public const string FolderOption = "--folder";
    public const string TimeoutOption = "--timeout";
    public const string AllowErrorsOption = "--allow-errors";

    /// <summary>
    /// The option that makes the process wait for a line on standard input before it reads the notebook, send events to
    /// standard output, and end when standard input ends, because the parent process has then ended.
    /// </summary>
    public const string EventsOption = "--events";

    public const string Usage =
        $"usage: MnistLab.Kernel {ExecuteCommand.Name} <notebook> ({OutputOption} <executed.ipynb> | {EventsOption}) [{FolderOption} <folder>] [{TimeoutOption} <seconds>] [{AllowErrorsOption}]";

    /// <summary>Parses the arguments after the name of the command. Returns null if they are not valid.</summary>
    public static ExecuteArguments? Parse(IReadOnlyList<string> arguments)
    {
        if (arguments is not [var notebook, ..]) return null;

        var parsed = new ExecuteArguments(Path.GetFullPath(notebook), null, null, new());
        var sendsEvents = false;
        for (var i = 1; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case EventsOption:
                    sendsEvents = true;
                    break;
                case AllowErrorsOption:
                    parsed = parsed with { Options = parsed.Options with { AllowErrors = true } };
                    break;
                case OutputOption when value is not null:
                    parsed = parsed with { Output = Path.GetFullPath(value) };
                    i++;
                    break;
                case FolderOption when value is not null:
                    parsed = parsed with { Folder = Path.GetFullPath(value) };
                    i++;
                    break;
                case TimeoutOption when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    parsed = parsed with { Options = parsed.Options with { CellTimeout = TimeSpan.FromSeconds(seconds) } };
                    i++;
                    break;
                default:
                    return null;
            }
        }

        return sendsEvents == (parsed.Output is null) ? parsed : null;
    }

    /// <summary>Returns the arguments for a process that runs a notebook and sends events.</summary>
    public static IReadOnlyList<string> ForEvents(string notebook, string folder, NotebookRunOptions options)
    {
        List<string> arguments = [ExecuteCommand.Name, notebook, EventsOption, FolderOption, folder];
        if (options.CellTimeout is { } limit)
            arguments.AddRange([TimeoutOption, limit.TotalSeconds.ToString("R", CultureInfo.InvariantCulture)]);
        if (options.AllowErrors) arguments.Add(AllowErrorsOption);
        return arguments;
    }
}
