using System.Globalization;

namespace MnistLab.Kernel;

/// <summary>The arguments of the command <c>execute</c>.</summary>
/// <param name="Notebook">The notebook to run.</param>
/// <param name="Output">Where to write the executed one; null for a process that sends its events to the one that started it.</param>
/// <param name="Folder">The folder that the notebook counts as lying in; its own if null.</param>
/// <param name="Options">How to run it.</param>
internal sealed record ExecuteArguments(string Notebook, string? Output, string? Folder, RunOptions Options)
{
    public const string OutputOption = "--output";
    public const string FolderOption = "--folder";
    public const string TimeoutOption = "--timeout";
    public const string AllowErrorsOption = "--allow-errors";

    /// <summary>
    /// Waits for a line on standard input before it reads the notebook, sends events to standard output, and ends the process when its standard input ends: whoever holds the other end is then gone.
    /// </summary>
    public const string EventsOption = "--events";

    public const string Usage = $"usage: MnistLab.Kernel {ExecuteCommand.Name} <notebook> ({OutputOption} <executed.ipynb> | {EventsOption}) [{FolderOption} <folder>] [{TimeoutOption} <seconds>] [{AllowErrorsOption}]";

    /// <summary>Reads what follows the name of the command; null if it makes no sense.</summary>
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

    /// <summary>The command line of a process that runs the notebook and sends its events.</summary>
    public static IReadOnlyList<string> ForEvents(string notebook, string folder, RunOptions options)
    {
        List<string> arguments = [ExecuteCommand.Name, notebook, EventsOption, FolderOption, folder];
        if (options.CellTimeout is { } limit) arguments.AddRange([TimeoutOption, limit.TotalSeconds.ToString("R", CultureInfo.InvariantCulture)]);
        if (options.AllowErrors) arguments.Add(AllowErrorsOption);
        return arguments;
    }
}
