namespace MnistLab.Models.Registry;

/// <summary>Provides extension methods for <see cref="ModelStatus"/>.</summary>
public static class ModelStatusExtensions
{
    /// <summary>Returns the name that the ModelArts console shows.</summary>
    public static string ConsoleName(this ModelStatus status) => status switch
    {
        ModelStatus.Publishing => "Importing",
        ModelStatus.Published => "Normal",
        ModelStatus.Building => "Building",
        ModelStatus.BuildingFailed => "Building failed",
        _ => "Abnormal",
    };

    /// <summary>Returns whether the import is still in progress.</summary>
    public static bool IsUnderWay(this ModelStatus status) => status is ModelStatus.Publishing or ModelStatus.Building;
}
