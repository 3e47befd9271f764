namespace MnistLab.Kernel;

/// <summary>Turns the errors that a user can do something about into a message; any other is a defect and keeps its stack trace.</summary>
public static class CommandErrors
{
    /// <summary>Runs a command.</summary>
    /// <param name="command">The command; returns its exit code.</param>
    /// <param name="isExpected">Which further exceptions have a message that tells the user what to do; null for none.</param>
    /// <returns>The exit code of the command, or that of its error.</returns>
    public static async Task<int> HandleAsync(Func<Task<int>> command, Func<Exception, bool>? isExpected = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Canceled.");
            return ExitCodes.Interrupted;
        }
        catch (UnauthorizedAccessException error)
        {
            await Console.Error.WriteLineAsync($"{error.Message} Check its owner and its permissions, or choose another place.");
            return ExitCodes.Usage;
        }
        catch (Exception error) when (IsExpected(error) || isExpected?.Invoke(error) == true)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCodes.Usage;
        }
    }

    private static bool IsExpected(Exception error) => error
        is NotebookSelectionException
        or NotebookFormatException
        or NotebookParameterException
        or KernelInstallationException
        or IOException
        or InvalidDataException
        or FormatException;
}
