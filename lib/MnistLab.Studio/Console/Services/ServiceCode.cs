using System.Text;
using MnistLab.Models.Registry;
using MnistLab.Serving.Deployment;

namespace MnistLab.Studio.Console.Services;

/// <summary>Generates the notebook code that is equivalent to a screen of the online services.</summary>
internal static class ServiceCode
{
    /// <summary>Returns the code that deploys a service.</summary>
    public static string Deploy(string name, ServiceConfiguration configuration, bool isNew)
    {
        var isPlain = isNew
            && configuration is { Models.Count: 1, Port: null, StopAfter: null, PredictionLimit: null, Access: null };
        var code = new StringBuilder();
        var names = new List<string>();
        foreach (var (index, item) in configuration.Models.Index())
        {
            names.Add(configuration.Models.Count == 1 ? "model" : FormattableString.Invariant($"model{index + 1}"));
            var version = $"{NotebookCode.Literal(item.Model.Name)}, ModelVersion.Parse(\"{item.Model.Version}\")";
            Append(code, $"var {names[^1]} = await lab.Models.GetAsync({version});\n");
        }

        var deploy = $"await lab.Services.DeployAsync({NotebookCode.Literal(name)}, {(isPlain ? "model!" : "configuration")}, lab.Store)";
        if (isPlain) return OfServices(code.Append(deploy).ToString());
        code.Append("var configuration = new ServiceConfiguration\n{\n    Models = [");
        var weighted = names.Zip(configuration.Models, (variable, item) => FormattableString.Invariant($"new({variable}!, {item.Weight})"));
        code.AppendJoin(", ", weighted);
        code.Append("],\n");
        void Property(string property, FormattableString value) =>
            Append(code, $"    {property} = {FormattableString.Invariant(value)},\n");
        if (configuration.Port is { } port) Property("Port", $"{port}");
        if (configuration.StopAfter == Timeout.InfiniteTimeSpan) Property("StopAfter", $"Timeout.InfiniteTimeSpan");
        else if (configuration.StopAfter is { } stop) Property("StopAfter", $"TimeSpan.FromMinutes({stop.TotalMinutes})");
        if (configuration.PredictionLimit is { } limit) Property("PredictionLimit", $"TimeSpan.FromSeconds({limit.TotalSeconds})");
        if (configuration.Access is { } access)
        {
            // Secrets do not belong in a notebook.
            var token = access.Token is null ? "null" : "Environment.GetEnvironmentVariable(\"DIGITS_TOKEN\")";
            var appCode = access.AppCode is null ? "null" : "Environment.GetEnvironmentVariable(\"DIGITS_APP_CODE\")";
            Property("Access", $"new({NotebookCode.Literal(access.Address)}, {token}, {appCode})");
        }

        return OfServices(code.Append("};\n").Append(deploy).ToString());
    }

    private static string OfServices(string code) =>
        NotebookCode.OfLab(code, typeof(ModelVersion), typeof(ServiceConfiguration), typeof(Timeout));

    private static void Append(StringBuilder code, FormattableString text) => code.Append(FormattableString.Invariant(text));

    /// <summary>Returns the code that finds a service and sends it a request.</summary>
    public static string Use(string name) => NotebookCode.OfLab(
        $"""
        var service = await lab.ServiceAsync({NotebookCode.Literal(name)});
        using var client = service.CreateClient();
        await client.PredictAsync("digit.png")
        // await service.StopAsync();
        """);
}
