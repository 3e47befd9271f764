using MnistLab.Client;
using MnistLab.Models;
using MnistLab.Models.Registry;
using MnistLab.Models.UserCode;
using MnistLab.Serving.Instances;
using MnistLab.Training;
using MnistLab.Training.Jobs;

namespace MnistLab.Studio.Console;

/// <summary>
/// Identifies errors of the library that users can fix; the messages of these errors say how.
/// </summary>
internal static class ConsoleErrors
{
    /// <summary>Returns whether users can fix an error. Any other error is a bug.</summary>
    public static bool IsExpected(Exception error) => error
        is IOException
        or UnauthorizedAccessException
        or InvalidDataException
        or FormatException
        or ArgumentException
        or TimeoutException
        or HttpRequestException
        or TrainingJobException
        or TrainingSettingException
        or UserCodeException
        or ModelImportException
        or ModelRegistryException
        or DeploymentException
        or PredictionException
        or StudioException;
}
