using System.CommandLine;
using System.Text;
using MnistLab.Kernel.Commands;
using MnistLab.Storage.Configuration;

namespace MnistLab.Cli;

/// <summary>
/// Defines the command <c>keys list|add|use|test|delete</c>, which manages the user's access keys, as the console's page
/// does. The secret is read from the terminal or from standard input: arguments are visible to other users.
/// </summary>
internal static class KeysCommand
{
    private const string Selection = "The ID of the key, from 'keys list'.";

    public static Command Create() => new("keys", "Manages the access keys of object storage servers.")
    {
        List(), Add(), Use(), Test(), Delete(),
    };

    private static Command List()
    {
        var command = new Command("list", "Lists the keys, without their secrets.");
        command.SetAction((_, _) => Guarded.RunAsync(() =>
        {
            var keys = Open();
            var stored = keys.List();
            foreach (var key in stored) Console.WriteLine(Line(key));
            Console.WriteLine(stored.Count == 0
                ? "There are no access keys: objects are stored in a folder on this machine. Add a key with: keys add ENDPOINT"
                : $"They are stored in {keys.File}, which only you can read.");
            return Done();
        }));
        return command;
    }

    private static Command Add()
    {
        var endpoint = new Argument<string>("endpoint")
        {
            Description = "The server's address, such as https://obs.cn-north-4.myhuaweicloud.com.",
        };
        var id = new Option<string?>("--id") { Description = "The access key ID. By default, it is asked for.", HelpName = "ID" };
        var csv = new Option<string?>("--csv")
        {
            Description = "The file credentials.csv that the cloud's console saves when it creates a key.",
            HelpName = "FILE",
        };
        var region = new Option<string?>("--region")
        {
            Description = "The region, if the endpoint's name does not contain it.",
            HelpName = "REGION",
        };
        var style = new Option<string>("--addressing-style")
        {
            Description = "Where the bucket appears in an address.",
            DefaultValueFactory = _ => "auto",
        };
        style.AcceptOnlyFromAmong("auto", "path", "virtual");
        const string Description =
            "Stores a key and uses it from now on. The secret is asked for, or read from standard input.";
        var command = new Command("add", Description) { endpoint, id, csv, region, style };
        command.SetAction((result, _) => Guarded.RunAsync(() =>
        {
            var keys = Open();
            var (address, place) = (result.GetRequiredValue(endpoint), result.GetValue(region));
            var entered = result.GetValue(csv) is { } file
                ? NewAccessKey.FromCsv(File.ReadAllText(file), address, place)
                : new NewAccessKey(
                    address,
                    result.GetValue(id) ?? Ask("Access key ID", isSecret: false),
                    Ask("Secret access key", isSecret: true),
                    place);
            Console.WriteLine(Line(keys.Add(entered with { AddressingStyle = result.GetValue(style) })));
            if (ObjectStores.IsNamedBy(Environment.GetEnvironmentVariable))
                Console.Error.WriteLine("The environment variables OBS_… name a server. They take precedence over this key.");
            return Done();
        }));
        return command;
    }

    private static Command Use()
    {
        var id = new Argument<string?>("id")
        {
            Description = $"{Selection} Without one, objects are stored in a folder on this machine.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("use", "Selects the key that notebooks, the command line, and the console use.") { id };
        command.SetAction((result, _) => Guarded.RunAsync(() =>
        {
            var keys = Open();
            keys.Use(result.GetValue(id));
            foreach (var key in keys.List()) Console.WriteLine(Line(key));
            return Done();
        }));
        return command;
    }

    private static Command Test()
    {
        var id = new Argument<string>("id") { Description = Selection };
        var command = new Command("test", "Tests a key by listing the buckets of its server.") { id };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            foreach (var bucket in await Open().TestAsync(result.GetRequiredValue(id), cancellationToken))
                Console.WriteLine($"s3://{bucket}/");
            Console.WriteLine("The server accepts the key.");
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command Delete()
    {
        var id = new Argument<string>("id") { Description = Selection };
        var command = new Command("delete", "Deletes a key from this machine. It stays valid on the server.") { id };
        command.SetAction((result, _) => Guarded.RunAsync(() =>
        {
            var key = result.GetRequiredValue(id);
            Open().Delete(key);
            Console.WriteLine($"Deleted {key}.");
            return Done();
        }));
        return command;
    }

    private static AccessKeys Open() => AccessKeys.OfUser(Environment.GetEnvironmentVariable)
        ?? throw new FormatException(
            $"There is no folder for your settings. Set the environment variable {AccessKeys.FolderVariable} to one.");

    private static string Line(AccessKey key) =>
        $"{key.Id}  …{key.Ending,-4}  {(key.IsUsed ? "in use" : "      ")}  {key.Endpoint}  {key.Region}";

    private static Task<int> Done() => Task.FromResult(ExitCodes.Success);

    private static string Ask(string what, bool isSecret)
    {
        if (!Console.IsInputRedirected) Console.Error.Write($"{what}: ");
        var entered = isSecret && !Console.IsInputRedirected ? ReadHidden() : Console.In.ReadLine();
        return string.IsNullOrWhiteSpace(entered)
            ? throw new FormatException($"{what}: nothing was entered. Enter it when asked, or write it to standard input.")
            : entered.Trim();
    }

    private static string ReadHidden()
    {
        var entered = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace) entered.Length = Math.Max(0, entered.Length - 1);
            else if (!char.IsControl(key.KeyChar)) entered.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return entered.ToString();
    }
}
