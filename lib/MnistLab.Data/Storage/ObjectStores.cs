namespace MnistLab.Data;

/// <summary>Opens the object store that the environment asks for.</summary>
public static class ObjectStores
{
    /// <summary>The variable with the address of the server, such as <c>https://obs.cn-north-4.myhuaweicloud.com</c>.</summary>
    public const string EndpointVariable = "OBS_ENDPOINT";

    /// <summary>The variable with the name of the access key.</summary>
    public const string AccessKeyVariable = "OBS_ACCESS_KEY_ID";

    /// <summary>The variable with the secret of the access key.</summary>
    public const string SecretKeyVariable = "OBS_SECRET_ACCESS_KEY";

    /// <summary>
    /// The variable with the region. If it is not set, the region is the one in the endpoint's name where that is a
    /// known provider's, and <c>us-east-1</c> otherwise.
    /// </summary>
    public const string RegionVariable = "OBS_REGION";

    /// <summary>
    /// The variable that says where the bucket is in an address: <c>path</c>, <c>virtual</c> (in the host's name), or
    /// <c>auto</c>; see <see cref="S3AddressingStyle"/>.
    /// </summary>
    public const string AddressingStyleVariable = "OBS_ADDRESSING_STYLE";

    /// <summary>Opens the server that the environment names, or a folder if it names none.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="folder">The folder to use if there is no server.</param>
    /// <exception cref="ObjectStoreException">
    /// Some variables are set but not all that are needed, or one has an invalid value; the message names it.
    /// A server that was asked for is never replaced by the folder.
    /// </exception>
    public static IObjectStore Open(Func<string, string?> environment, string folder) =>
        ReadSettings(environment) is { } settings ? new S3ObjectStore(settings) : new FolderObjectStore(folder);

    /// <summary>Reads the settings of a server; null if the environment names none.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    internal static S3Settings? ReadSettings(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        string[] required = [EndpointVariable, AccessKeyVariable, SecretKeyVariable];
        var values = required.Select(environment).ToArray();
        if (values.All(string.IsNullOrEmpty)) return null;

        var missing = required.Where((_, i) => string.IsNullOrEmpty(values[i])).ToArray();
        if (missing.Length > 0)
        {
            throw Invalid(
                $"The object store needs {string.Join(" and ", missing)} too. Set {(missing.Length == 1 ? "it" : "them")}, "
                + $"or unset {string.Join(", ", required.Except(missing))} to use a folder on this machine.");
        }

        foreach (var name in (string[])[.. required, RegionVariable, AddressingStyleVariable])
        {
            if (S3Settings.ProblemOf(environment(name) ?? "") is { } problem)
                throw Invalid($"{name} has {problem}, which cannot be right. Set it again without that character.");
        }

        if (!Uri.TryCreate(values[0], UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("https" or "http"))
        {
            throw Invalid(
                $"{EndpointVariable} is '{values[0]}', which is not an address. Write it as https://obs.cn-north-4.myhuaweicloud.com.");
        }

        var region = environment(RegionVariable) is { Length: > 0 } named
            ? named
            : S3Endpoint.RegionOf(endpoint) ?? S3Endpoint.DefaultRegion;
        try
        {
            var style = ReadStyle(environment(AddressingStyleVariable));
            var settings = new S3Settings(endpoint, region, values[1]!, values[2]!) { AddressingStyle = style };
            _ = new S3Endpoint(endpoint, region, style);
            return settings;
        }
        catch (ArgumentException error)
        {
            throw Invalid($"{AddressingStyleVariable} cannot be used with {EndpointVariable}: {error.Message}", error);
        }
    }

    private static S3AddressingStyle ReadStyle(string? value) => value switch
    {
        null or "" or "auto" => S3AddressingStyle.Auto,
        "path" => S3AddressingStyle.Path,
        "virtual" => S3AddressingStyle.Virtual,
        _ => throw Invalid($"{AddressingStyleVariable} must be 'auto', 'path', or 'virtual', but is '{value}'."),
    };

    private static ObjectStoreException Invalid(string message, Exception? cause = null) =>
        new(ObjectStoreError.InvalidRequest, message, cause);
}
