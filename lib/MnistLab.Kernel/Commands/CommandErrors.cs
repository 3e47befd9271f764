using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Installation;
using MnistLab.Kernel.Running;

namespace MnistLab.Kernel.Commands;

/// <summary>
/// Reports the errors that a user can fix as a message. Any other exception is a defect and keeps its stack trace.
/// </summary>
public static class CommandErrors
{
    /// <summary>Runs a command and reports its expected errors on the standard error stream.</summary>
    /// <param name="command">The command, which returns its exit code.</param>
    /// <param name="isExpected">
    /// Returns whether a further exception has a message that tells the user what to do; null if there are no such
    /// exceptions.
    /// </param>
    /// <returns>The exit code of the command, or of the error that ended it.</returns>
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
            await Console.Error.WriteLineAsync($"{error.Message} Check the owner and the permissions, or choose another location.");
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
