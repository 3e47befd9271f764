namespace MnistLab.Models.Registry;

/// <summary>Questions to a model's status.</summary>
public static class ModelStatusExtensions
{
    /// <summary>The name that the ModelArts console shows.</summary>
    public static string ConsoleName(this ModelStatus status) => status switch
    {
        ModelStatus.Publishing => "Importing",
        ModelStatus.Published => "Normal",
        ModelStatus.Building => "Building",
        ModelStatus.BuildingFailed => "Building failed",
        _ => "Abnormal",
    };

    /// <summary>Whether its import has not ended yet.</summary>
    public static bool IsUnderWay(this ModelStatus status) => status is ModelStatus.Publishing or ModelStatus.Building;
}
