using MnistLab.Serving.Deployment;
using MnistLab.Serving.Foreground;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Online;

return args switch
{
    // Used by OnlineServices.DeployAsync; the instance folder contains all settings.
    [ServiceProgram.Serve, var folder] when Directory.Exists(folder) =>
        await ServiceProcess.RunAsync(new InstanceFolder(folder)),
    [ServiceProgram.Supervise, var folder] when Directory.Exists(folder) =>
        await SupervisorProcess.RunAsync(new InstanceFolder(folder)),
    _ => await ForegroundCommand.RunAsync(args),
};
