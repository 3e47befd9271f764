using MnistLab.Client;
using MnistLab.Course;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Kernel.Commands;
using MnistLab.Models;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Storage;
using MnistLab.Training.Jobs;

namespace MnistLab.Cli;

/// <summary>
/// Reports errors that the user can resolve as a message. Any other exception is a defect and keeps its stack trace.
/// </summary>
internal static class Guarded
{
    public static Task<int> RunAsync(Func<Task<int>> action) => CommandErrors.HandleAsync(action, IsExpected);

    /// <summary>Returns whether an exception is an error that the user can resolve.</summary>
    public static bool IsExpected(Exception error) => error
        is WorkspaceException
        or DatasetException
        or ObjectStoreException
        or CourseException
        or TrainingJobException
        or ModelImportException
        or ModelRegistryException
        or DeploymentException
        or PredictionException;
}
