using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Online;

switch (args)
{
    case [ServiceProgram.Serve, var folder] when Directory.Exists(folder):
        return await ServiceProcess.RunAsync(new InstanceFolder(folder));
    case [ServiceProgram.Supervise, var folder] when Directory.Exists(folder):
        return await SupervisorProcess.RunAsync(new InstanceFolder(folder));
    default:
        Console.Error.WriteLine("This program is the online service; OnlineServices.DeployAsync starts it: supervise FOLDER, or serve FOLDER, with the folder of an instance.");
        return 2;
}
