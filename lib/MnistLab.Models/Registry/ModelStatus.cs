using System.Text.Json.Serialization;

namespace MnistLab.Models.Registry;

/// <summary>Where a model stands in the registry; the names are those of the ModelArts interface.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelStatus>))]
public enum ModelStatus
{
    /// <summary>It is being fetched, checked and copied.</summary>
    [JsonStringEnumMemberName("publishing")]
    Publishing,

    /// <summary>It can be deployed. The ModelArts console calls this <i>Normal</i>.</summary>
    [JsonStringEnumMemberName("published")]
    Published,

    /// <summary>It cannot be used; the reason is recorded.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Its inference code is being compiled and tried.</summary>
    [JsonStringEnumMemberName("building")]
    Building,

    /// <summary>Its inference code does not compile, or has no class that can be used; the reason is recorded.</summary>
    [JsonStringEnumMemberName("building_failed")]
    BuildingFailed,
}
