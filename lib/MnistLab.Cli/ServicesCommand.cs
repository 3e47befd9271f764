using System.CommandLine;
using System.Globalization;
using MnistLab.Data.Workspaces;
using MnistLab.Kernel.Commands;
using MnistLab.Notebooks;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;

namespace MnistLab.Cli;

/// <summary>Defines the command <c>services list|deploy|update|start|stop|delete|show|logs|predict</c>.</summary>
internal static class ServicesCommand
{
    public static Command Create() => new("services", "Manages the online services on this machine.")
    {
        List(),
        Deploy("deploy", "Starts a service or changes a running one, and waits until it is ready."),
        Deploy("update", "Changes a running service without losing a request. Options that are not given keep their values."),
        Start(),
        Stop(),
        Delete(),
        Show(),
        Logs(),
        Predict()
    };

    private static OnlineServices Open() => new(Workspace.Find().ServicesFolder);

    private static Argument<string> Name() => new("name") { Description = "The service's name, such as digits." };

    private static Command List()
    {
        var list = new Command("list", "Lists the online services.");
        list.SetAction((_, cancellationToken) => Guarded.RunAsync(async () =>
        {
            var services = await Open().ListAsync(cancellationToken);
            if (services.Count > 0)
                ListTable.Write(Console.Out, ["NAME", "STATUS", "MODELS", "URL", "REMARKS"], services.Select(Row));
            else
                Console.WriteLine("There are no online services. Deploy one with: services deploy NAME --model MODEL");
            return ExitCodes.Success;
        }));
        return list;
    }

    private static string[] Row(OnlineService service) =>
    [
        service.Name,
        $"{service.Status}",
        string.Join(", ", service.Models),
        $"{service.Url}",
        service.Reason
            ?? (service.Progress is { } progress ? FormattableString.Invariant($"{progress.Percent}%, {progress.Message}")
            : service.GrpcUrl is { } grpc ? $"gRPC at {grpc.Authority}" : ""),
    ];

    private static Command Deploy(string verb, string description)
    {
        var isUpdate = verb == "update";
        var name = Name();
        var models = new Option<string[]>("--model", "-m")
        {
            AllowMultipleArgumentsPerToken = true,
            Description = "NAME, NAME:VERSION, or, for several versions, NAME:VERSION=WEIGHT with weights that sum to 100. By default "
                + (isUpdate ? "the current versions of the service." : "the newest version of the model with the name of the service."),
        };
        var port = new Option<int?>("--port")
        {
            Description = "The port. By default, the previous port of the service, or any free port.",
        };
        var grpcPort = new Option<string?>("--grpc-port")
        {
            Description = "The port for gRPC: a number, 'any' for any free port, or 'none'. By default, unchanged; for a new "
                + "service, none.",
        };
        var stopAfter = new Option<string?>("--stop-after")
        {
            Description = "The time after which the service stops automatically, such as 90m, 2h, or 1d, or 'never'. By "
                + "default, unchanged; for a new service, never.",
        };
        var limit = new Option<double?>("--prediction-limit")
        {
            Description = "The time limit of a prediction in seconds, at most 40. By default, unchanged; for a new service, 40.",
        };
        var address = new Option<string?>("--address")
        {
            Description = "The IP address to listen on. 0.0.0.0, for all networks, requires a token or an app code. By "
                + "default, unchanged; for a new service, 127.0.0.1.",
        };
        var token = new Option<string?>("--token-from")
        {
            Description = "The environment variable that contains the token that requests must send in X-Auth-Token, at "
                + "least 16 characters. By default, unchanged; 'none' removes the token.",
        };
        var appCode = new Option<string?>("--app-code-from")
        {
            Description = "The environment variable that contains the app code that requests can send in X-Apig-AppCode "
                + "instead. By default, unchanged; 'none' removes the app code.",
        };
        var command = new Command(verb, description) { name, models, port, grpcPort, stopAfter, limit, address, token, appCode };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            var lab = Lab.Open();
            var service = result.GetRequiredValue(name);
            var before = await lab.Services.FindAsync(service, cancellationToken);
            var given = result.GetValue(models) ?? [];
            if (isUpdate)
            {
                if (before?.Status.IsUp() != true)
                {
                    throw new DeploymentException(
                        $"The service '{service}' is not running, so it cannot be changed. Deploy it with: services deploy {service}");
                }

                if (command.Options.All(option => result.GetResult(option) is null))
                    throw new FormatException("There is nothing to change: give at least one option, such as --model digits:0.0.2.");
                if (given.Length == 0)
                    given = [.. before.Models.Select(model => FormattableString.Invariant($"{model.Name}:{model.Version}={model.Weight}"))];
            }

            var configuration = new ServiceConfiguration
            {
                Models = await ServiceArguments.ReadModelsAsync(lab.Models, given.Length > 0 ? given : [service], cancellationToken),
                Port = result.GetValue(port),
                GrpcPort = ServiceArguments.ReadGrpcPort(result.GetValue(grpcPort)),
                Access = ServiceArguments.ReadAccess(before?.Access, result.GetValue(address), result.GetValue(token), result.GetValue(appCode)),
                StopAfter = result.GetValue(stopAfter) is { } text ? ServiceArguments.ReadDuration(text) : null,
                PredictionLimit = result.GetValue(limit) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            };
            var printer = new DeploymentPrinter();
            Console.WriteLine(await lab.Services.DeployAsync(service, configuration, lab.Store, printer, cancellationToken));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command Start()
    {
        var name = Name();
        var command = new Command("start", "Starts a stopped or failed service with its last configuration.") { name };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            var lab = Lab.Open();
            Console.WriteLine(await lab.Services.StartAsync(
                result.GetRequiredValue(name), lab.Models, new DeploymentPrinter(), cancellationToken));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command Stop()
    {
        var name = Name();
        var command = new Command("stop", "Stops a service after it has finished the requests in progress.") { name };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            Console.WriteLine(await Open().StopAsync(result.GetRequiredValue(name), cancellationToken));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command Delete()
    {
        var name = Name();
        var command = new Command("delete", "Deletes a service with its logs and its history. A running service is stopped first.")
        {
            name
        };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            await Open().DeleteAsync(result.GetRequiredValue(name), cancellationToken);
            Console.WriteLine($"Deleted {result.GetRequiredValue(name)}.");
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command Show()
    {
        var name = Name();
        var command = new Command("show", "Shows the status, the configuration history, and the events of a service.") { name };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            var service = await FindAsync(result.GetRequiredValue(name), cancellationToken);
            Console.WriteLine(service);
            if (service.Status.IsUp())
                Console.WriteLine(
                    $"process {service.ProcessId}, restarts: {service.Restarts}, stops automatically: {(service.StopAt is { } end ? Time(end) : "never")}");
            Console.WriteLine();
            Console.WriteLine("Configuration history");
            foreach (var change in service.ReadHistory())
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {Time(change.Time)}  port {change.Port}{(change.GrpcPort is { } grpc ? $", gRPC {grpc}" : "")}, {string.Join(", ", change.Models)}, {change.PredictionLimit.TotalSeconds:0.###} s per prediction{(change.StopAt is { } stop ? $", until {Time(stop)}" : "")}"));
            Console.WriteLine();
            Console.WriteLine("Events");
            foreach (var entry in service.ReadEvents().TakeLast(30)) Console.WriteLine($"  {Time(entry.Time)}  {entry.Message}");
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command Logs()
    {
        var name = Name();
        var lines = new Option<int>("--lines", "-n") { DefaultValueFactory = _ => 100, Description = "The number of lines from the end." };
        var command = new Command("logs", "Prints the end of a service's log, which includes the output of crashed processes.")
        {
            name,
            lines
        };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            foreach (var line in (await FindAsync(result.GetRequiredValue(name), cancellationToken)).ReadLog(result.GetValue(lines)))
                Console.WriteLine(line);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command Predict()
    {
        var name = Name();
        var pictures = new Argument<string[]>("image")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Images of a digit: PNG, JPEG, BMP, or GIF."
        };
        var command = new Command("predict", "Predicts the digits in images with a service.") { name, pictures };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            using var client = (await Open().GetAsync(result.GetRequiredValue(name), cancellationToken)).CreateClient();
            foreach (var picture in result.GetRequiredValue(pictures))
            {
                var prediction = await client.PredictAsync(picture, cancellationToken);
                Console.WriteLine($"{picture}: {prediction}");
            }

            return ExitCodes.Success;
        }));
        return command;
    }

    private static async Task<OnlineService> FindAsync(string name, CancellationToken cancellationToken) =>
        await Open().FindAsync(name, cancellationToken)
            ?? throw new DeploymentException($"There is no service '{name}'. List the services with: services list");

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
