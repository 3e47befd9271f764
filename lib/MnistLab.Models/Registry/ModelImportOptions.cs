namespace MnistLab.Models.Registry;

/// <summary>
/// Represents the options of an import. By default, the model becomes the next version, without a description and with
/// the inference code of its package.
/// </summary>
public sealed record ModelImportOptions
{
    private const int MaxDescriptionLength = 100;
    private const string Forbidden = "&!'\"<>=";

    /// <summary>
    /// Gets the version of the imported model, which must not exist yet; null for the one after the highest.
    /// </summary>
    public ModelVersion? Version { get; init; }

    /// <summary>Gets the description: at most 100 characters, none of them <c>&amp;!'"&lt;&gt;=</c>.</summary>
    public string Description { get; init; } = "";

    /// <summary>
    /// Gets whether a package without inference code gets the default code: the preprocessing of training, the network,
    /// and the five most probable digits. If false, such a package is rejected, because the code is more likely to be
    /// forgotten than unnecessary.
    /// </summary>
    public bool DefaultInferenceCode { get; init; }

    internal void Require()
    {
        if (Description.Length > MaxDescriptionLength || Description.AsSpan().ContainsAny(Forbidden) || Description.Any(char.IsControl))
            throw new ModelRegistryException(
                $"The description '{Description}' is not valid: use at most {MaxDescriptionLength} characters, and none of {Forbidden}.");
        if (Version is { } version && (version.Major < 0 || version.Minor < 0 || version.Patch < 0))
            throw new ModelRegistryException($"{version} is not a valid version: use three numbers, such as 0.0.1.");
    }
}
