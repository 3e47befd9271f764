using System.Globalization;
using MnistLab.Models.Registry;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Requests;

namespace MnistLab.Cli;

/// <summary>Parses the arguments of the command <c>services</c>.</summary>
internal static class ServiceArguments
{
    // Secrets come from environment variables, because every user of the machine can read the command line of a
    // process.
    public static AccessSettings? ReadAccess(
        AccessSettings? before,
        string? address,
        string? tokenVariable,
        string? appCodeVariable)
    {
        if (address is null && tokenVariable is null && appCodeVariable is null) return null;
        return new AccessSettings(
            address ?? before?.Address ?? "127.0.0.1",
            Read(tokenVariable, before?.Token),
            Read(appCodeVariable, before?.AppCode));

        static string? Read(string? variable, string? before) => variable switch
        {
            null => before,
            "none" => null,
            _ => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
                ? value
                : throw new FormatException($"The environment variable {variable} is missing or empty. Set it to the secret."),
        };
    }

    public static async Task<IReadOnlyList<WeightedModel>> ReadModelsAsync(
        ModelRegistry models, string[] texts, CancellationToken cancellationToken)
    {
        var found = new List<WeightedModel>();
        foreach (var text in texts)
        {
            var (model, weight) = text.Split('=') switch
            {
                [var whole] when texts.Length == 1 => (whole, 100),
                [var part, var share] when int.TryParse(
                    share, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) => (part, percent),
                _ => throw new FormatException(
                    $"'{text}' is not a valid model with a weight: write NAME:VERSION=WEIGHT for each version, such as digits:0.0.1=90 digits:0.0.2=10."),
            };
            found.Add(new WeightedModel(await ModelsCommand.FindAsync(models, model, cancellationToken), weight));
        }

        return found;
    }

    public static int? ReadGrpcPort(string? text) => text switch
    {
        null => null,
        "any" => ServiceConfiguration.AnyPort,
        "none" => ServiceConfiguration.NoPort,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 => port,
        _ => throw new FormatException($"'{text}' is not a valid gRPC port: write a number from 1 to 65535, any, or none."),
    };

    public static TimeSpan ReadDuration(string text)
    {
        if (text == "never") return Timeout.InfiniteTimeSpan;
        var unit = text.Length > 0 ? text[^1] : ' ';
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        return seconds > 0
            && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number > 0
            && number * seconds < TimeSpan.MaxValue.TotalSeconds / 1000
            ? TimeSpan.FromSeconds(number * seconds)
            : throw new FormatException($"'{text}' is not a valid duration: write a number with s, m, h, or d, such as 90m, or never.");
    }
}
