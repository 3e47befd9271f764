using MnistLab.Data.Workspaces;
using MnistLab.Training.Jobs;

switch (args)
{
    case [Worker.Command, var jobFolder]:
        var workspace = Workspace.Find(jobFolder);
        var folder = new JobFolder(jobFolder);
        return await new Worker(folder, workspace, TimeProvider.System).RunAsync();
    case [BootProgram.Command, var jobFolder]:
        return await new BootProgram(new JobFolder(jobFolder), TimeProvider.System).RunAsync();
    default:
        Console.Error.WriteLine(
            "This program is the worker of training jobs. Submit a job with TrainingJobs.SubmitAsync, "
            + "or run the boot file itself with 'dotnet run'.");
        return 2;
}
