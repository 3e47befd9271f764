using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MnistLab.Serving;

if (args is not [var folder] || !Directory.Exists(folder))
{
    Console.Error.WriteLine("This program is the online service; OnlineServices.DeployAsync starts it, with the folder of a run as its only argument.");
    return 2;
}

var run = new RunFolder(folder);
using var alive = FileLock.TryTake(run.AliveLock) ?? throw new InvalidOperationException($"The run in {folder} has a process already.");
DetachedProcess.Detach(run.Log);
using var self = Process.GetCurrentProcess();
var state = new RunState(Environment.ProcessId, self.StartTime.ToUniversalTime(), null);
run.WriteState(state);

await using var app = OnlineServiceApplication.Create(run.ReadSettings());
await app.StartAsync();
run.WriteState(state with { Url = OnlineServiceApplication.Address(app) });
await app.WaitForShutdownAsync();
return app.Services.GetRequiredService<ModelLoader>().Failure is null ? 0 : 1;
