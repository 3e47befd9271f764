using System.CommandLine;

namespace MnistLab.Serving.Foreground;

/// <summary>
/// Represents the command line of a service in the foreground. Each option can also be set by an environment variable;
/// the option takes precedence.
/// </summary>
internal static class ForegroundCommand
{
    private const string Description =
        "Serves a model in the foreground until it is stopped (SIGTERM, Ctrl-C). Each option can also be set with "
        + "the environment variable in brackets. The object store is the one that OBS_ENDPOINT, OBS_ACCESS_KEY_ID, and "
        + "OBS_SECRET_ACCESS_KEY specify, or the folder of --store. If MNISTLAB_TOKEN or MNISTLAB_APP_CODE is set, requests "
        + "must contain that token or app code.";

    /// <summary>Runs the program with these arguments.</summary>
    /// <returns>A <see cref="ServiceExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = ForegroundOptions.All
            .ToDictionary(item => item, item => new Option<string?>(item.Option)
            {
                Description = $"{item.Description} [{item.Variable}]",
                HelpName = item.Value,
            });
        var root = new RootCommand(Description);
        foreach (var option in options.Values) root.Add(option);
        root.SetAction((result, _) => StartAsync(item => result.GetValue(options[item])));
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count == 0)
            // The host handles SIGTERM and SIGINT: it finishes requests in flight, however long they take.
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync("See --help for the options.");
        return ServiceExitCode.InvalidConfiguration;
    }

    private static async Task<int> StartAsync(Func<ForegroundOption, string?> option)
    {
        try
        {
            using var service = ForegroundService.Create(option, Environment.GetEnvironmentVariable);
            return await service.RunAsync();
        }
        catch (ServiceConfigurationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return exception.ExitCode;
        }
    }
}
