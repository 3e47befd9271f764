using MnistLab.Course;
using MnistLab.Data;
using MnistLab.Kernel;
using MnistLab.Serving;
using MnistLab.Training;

namespace MnistLab.Cli;

/// <summary>Turns the errors that a user can do something about into a message; any other is a defect and keeps its stack trace.</summary>
internal static class Guarded
{
    public static async Task<int> RunAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Cancelled.");
            return ExitCodes.Interrupted;
        }
        catch (UnauthorizedAccessException error)
        {
            await Console.Error.WriteLineAsync($"{error.Message} Check its owner and its permissions, or choose another place.");
            return ExitCodes.Usage;
        }
        catch (Exception error) when (IsTheUsers(error))
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCodes.Usage;
        }
    }

    private static bool IsTheUsers(Exception error) => error
        is WorkspaceException
        or DatasetException
        or ObjectStoreException
        or NotebookSelectionException
        or NotebookFormatException
        or NotebookParameterException
        or CourseException
        or KernelInstallationException
        or TrainingJobException
        or ModelImportException
        or ModelRegistryException
        or DeploymentException
        or PredictionException
        or IOException
        or InvalidDataException
        or FormatException;
}
