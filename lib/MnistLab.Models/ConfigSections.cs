using System.Text.Json;

namespace MnistLab.Models;

/// <summary>
/// Validates the sections of a <c>config.json</c> that tell clients how to use the model. They are optional, but must
/// follow ModelArts's format if present.
/// </summary>
internal static class ConfigSections
{
    /// <summary>
    /// Returns the first problem, phrased to follow the name of the file in a sentence; null if there is none.
    /// </summary>
    public static string? ProblemOf(JsonElement config)
    {
        if (config.ValueKind != JsonValueKind.Object) return null;
        return ProblemOfApis(config) ?? ProblemOfDependencies(config) ?? ProblemOfHealth(config);
    }

    private static string? ProblemOfApis(JsonElement config)
    {
        if (!config.TryGetProperty("apis", out var apis)) return null;
        if (apis.ValueKind != JsonValueKind.Array)
            return "has apis that are not a list: write \"apis\": [ { \"url\": \"/\", \"method\": \"post\", … } ]";
        foreach (var (number, api) in apis.EnumerateArray().Index())
        {
            if (TextOf(api, "url")?.StartsWith('/') != true)
                return FormattableString.Invariant($"has no url that begins with / in apis[{number}]");
            if (TextOf(api, "method")?.ToUpperInvariant() is not ("POST" or "GET"))
                return FormattableString.Invariant($"has no method in apis[{number}] that is post or get");
        }

        return null;
    }

    private static string? ProblemOfDependencies(JsonElement config) =>
        config.TryGetProperty("dependencies", out var dependencies) && dependencies.ValueKind != JsonValueKind.Array
            ? "has dependencies that are not a list: write \"dependencies\": []"
            // If dependencies were silently ignored, the first prediction would fail instead.
            : dependencies.ValueKind == JsonValueKind.Array && dependencies.GetArrayLength() > 0
                ? "has dependencies, but inference code can use only the platform's libraries: leave the list empty"
                : null;

    private static string? ProblemOfHealth(JsonElement config)
    {
        if (!config.TryGetProperty("health", out var health)) return null;
        if (TextOf(health, "url")?.StartsWith('/') != true) return "has no health.url that begins with /";
        foreach (var name in new[] { "initial_delay_seconds", "timeout_seconds" })
        {
            if (health.TryGetProperty(name, out var seconds)
                && !(seconds.ValueKind == JsonValueKind.Number && seconds.TryGetDouble(out var number) && number >= 0))
                return $"has a health.{name} that is not a non-negative number";
        }

        return null;
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
