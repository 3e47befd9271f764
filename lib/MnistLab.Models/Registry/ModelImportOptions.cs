namespace MnistLab.Models.Registry;

/// <summary>How a model is imported; by default as the next version, without a description, with the inference code of its package.</summary>
public sealed record ModelImportOptions
{
    private const int LongestDescription = 100;
    private const string Forbidden = "&!'\"<>=";

    /// <summary>The version it becomes; null for the one after the highest. It must not be taken.</summary>
    public ModelVersion? Version { get; init; }

    /// <summary>What it is, for people to read: at most 100 characters, none of <c>&amp;!'"&lt;&gt;=</c>.</summary>
    public string Description { get; init; } = "";

    /// <summary>
    /// Whether a package without inference code gets the default code: the preparation of training, the network, the five most probable digits.
    /// Without it such a package is refused: that the code was forgotten is more likely than that it is not needed.
    /// </summary>
    public bool DefaultInferenceCode { get; init; }

    internal void Require()
    {
        if (Description.Length > LongestDescription || Description.AsSpan().ContainsAny(Forbidden) || Description.Any(char.IsControl))
            throw new ModelRegistryException($"The description '{Description}' is not allowed: write at most {LongestDescription} characters, and none of {Forbidden}.");
        if (Version is { } version && (version.Major < 0 || version.Minor < 0 || version.Patch < 0)) throw new ModelRegistryException($"{version} is not a version: write three numbers, such as 0.0.1.");
    }
}
