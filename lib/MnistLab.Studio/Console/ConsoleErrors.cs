using MnistLab.Client;
using MnistLab.Models;
using MnistLab.Models.Registry;
using MnistLab.Models.UserCode;
using MnistLab.Serving.Instances;
using MnistLab.Training;
using MnistLab.Training.Jobs;

namespace MnistLab.Studio.Console;

/// <summary>The errors of the library that a user can do something about: their messages say what.</summary>
internal static class ConsoleErrors
{
    /// <summary>Returns whether an error is the user's to mend. Any other is a defect.</summary>
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
