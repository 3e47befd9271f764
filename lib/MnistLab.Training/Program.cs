using MnistLab.Data;
using MnistLab.Training;

if (args is not [Worker.Command, var jobFolder])
{
    Console.Error.WriteLine("This program is the worker of training jobs: submit one with TrainingJobs.SubmitAsync, or run the boot file itself with 'dotnet run'.");
    return 2;
}

return await new Worker(jobFolder, Workspace.Find(jobFolder).OpenStore(), TimeProvider.System).RunAsync();
