using MnistLab.Models.Registry;

namespace MnistLab.Studio.Console.Models;

/// <summary>Defines the addresses of models in the console.</summary>
internal static class ModelAddress
{
    /// <summary>The address of the page of all models.</summary>
    public const string All = "/console/models";

    /// <summary>Returns the address of the page of a version.</summary>
    public static string PageOf(RegisteredModel model) => $"{All}/{model.Name}/{model.Version}";

    /// <summary>Returns the address of the page that deploys a version.</summary>
    public static string DeployOf(RegisteredModel model) =>
        $"/console/services/new?model={Uri.EscapeDataString($"{model.Name}:{model.Version}")}";
}
