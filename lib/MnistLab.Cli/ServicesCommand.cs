using System.CommandLine;
using MnistLab.Data;
using MnistLab.Serving;

namespace MnistLab.Cli;

/// <summary><c>services list</c> and <c>services stop NAME</c>.</summary>
internal static class ServicesCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The service's name, such as digits." };
        var list = new Command("list", "Lists the online services.");
        list.SetAction((_, cancellationToken) => Guarded.RunAsync(() => ListAsync(cancellationToken)));
        var stop = new Command("stop", "Stops an online service.") { name };
        stop.SetAction((result, cancellationToken) => Guarded.RunAsync(() => StopAsync(result.GetRequiredValue(name), cancellationToken)));
        return new Command("services", "The online services on this machine.") { list, stop };
    }

    private static OnlineServices Open() => new(Workspace.Find().ServicesFolder);

    private static async Task<int> ListAsync(CancellationToken cancellationToken)
    {
        var services = await Open().ListAsync(cancellationToken);
        foreach (var service in services) Console.WriteLine(service);
        if (services.Count == 0) Console.WriteLine("There is no online service. The notebook 3-deploy starts one.");
        return ExitCodes.Success;
    }

    private static async Task<int> StopAsync(string name, CancellationToken cancellationToken)
    {
        Console.WriteLine(await Open().StopAsync(name, cancellationToken));
        return ExitCodes.Success;
    }
}
