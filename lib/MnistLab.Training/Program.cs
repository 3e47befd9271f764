using MnistLab.Data;
using MnistLab.Training;

if (args is not [Worker.Command, var jobFolder])
{
    Console.Error.WriteLine("This program is the worker of training jobs: submit one with TrainingJobs.SubmitAsync, or run the boot file itself with 'dotnet run'.");
    return 2;
}

var workspace = Workspace.Find(jobFolder);
return await new Worker(new JobFolder(jobFolder), workspace.JobsFolder, workspace.OpenStore(), TimeProvider.System).RunAsync();
