using MnistLab.Client;
using MnistLab.Models.Registry;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Requests;
using MnistLab.Storage;
using MnistLab.Storage.Folders;

// STORE OUTPUT SERVICES TOKEN IMAGE: does everything that a user does with a service, and prints a line for each step.
var store = new FolderObjectStore(args[0]);
var services = new OnlineServices(args[2]);
var models = new ModelRegistry(store, ObjectUrl.Parse("s3://bucket/models-of-the-program/"), users: services);
var model = await models.ImportAsync("digits", ObjectUrl.Parse(args[1]));
var configuration = ServiceConfiguration.From(model) with { Access = new AccessSettings(Token: args[3]) };
try
{
    var service = await services.DeployAsync("digits", configuration, store);
    Console.WriteLine("deployed");
    using (var client = service.CreateClient()) Console.WriteLine($"predicted {(await client.PredictAsync(args[4])).PredictedLabel}");
    using (var client = new PredictionClient(service.Url!, new PredictionClientOptions { Token = args[3] }))
        Console.WriteLine($"predicted {(await client.PredictAsync(args[4])).PredictedLabel}");
    using (var http = service.CreateHttpClient()) Console.WriteLine($"asked {(await http.GetStringAsync("v1/models")).Length > 0}");
    await services.DeployAsync("digits", configuration with { PredictionLimit = TimeSpan.FromSeconds(20) }, store);
    Console.WriteLine("updated");
}
finally
{
    if (await services.FindAsync("digits") is not null) await services.StopAsync("digits");
}

Console.WriteLine("stopped");
