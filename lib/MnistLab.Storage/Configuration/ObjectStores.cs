using MnistLab.Storage.Folders;
using MnistLab.Storage.S3;

namespace MnistLab.Storage.Configuration;

/// <summary>Opens the object store that the environment or the user's settings select.</summary>
public static class ObjectStores
{
    private static readonly string[] Required = [StoreVariables.Endpoint, StoreVariables.AccessKey, StoreVariables.SecretKey];

    /// <summary>
    /// Opens the server that the environment names, or else that of the access key that the user has selected, or else
    /// a folder.
    /// </summary>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="folder">The folder to use if there is no server.</param>
    /// <exception cref="ObjectStoreException">
    /// Some of the required variables are missing, or one has an invalid value; the message names it. Or the user's
    /// access keys cannot be read, or other users can read them. The folder never replaces a server that is configured.
    /// </exception>
    public static IObjectStore Open(Func<string, string?> environment, string folder) =>
        (ReadSettings(environment) ?? AccessKeys.OfUser(environment)?.ReadUsed()) is { } settings
            ? new S3ObjectStore(settings)
            : new FolderObjectStore(folder);

    /// <summary>
    /// Returns whether the environment names a server, which takes precedence over the key that the user has selected.
    /// </summary>
    public static bool IsNamedBy(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return Required.Any(name => !string.IsNullOrEmpty(environment(name)));
    }

    /// <summary>Reads the settings of a server from the environment; null if it names none.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    internal static S3Settings? ReadSettings(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var values = Required.Select(environment).ToArray();
        if (values.All(string.IsNullOrEmpty)) return null;

        var missing = Required.Where((_, i) => string.IsNullOrEmpty(values[i])).ToArray();
        if (missing.Length > 0)
        {
            throw Invalid(
                $"The object store also needs {string.Join(" and ", missing)}. Set {(missing.Length == 1 ? "it" : "them")}, "
                + $"or unset {string.Join(", ", Required.Except(missing))} to use a folder on this machine.");
        }

        foreach (var name in (string[])[.. Required, StoreVariables.Region, StoreVariables.AddressingStyle])
        {
            if (S3Settings.ProblemOf(environment(name) ?? "") is { } problem)
                throw Invalid($"{name} has {problem}, which is not valid. Set it again without that character.");
        }

        if (!Uri.TryCreate(values[0], UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("https" or "http"))
        {
            throw Invalid(
                $"{StoreVariables.Endpoint} is '{values[0]}', which is not an address. Write it as https://obs.cn-north-4.myhuaweicloud.com.");
        }

        var region = environment(StoreVariables.Region) is { Length: > 0 } named
            ? named
            : S3Endpoint.RegionOf(endpoint) ?? S3Endpoint.DefaultRegion;
        try
        {
            var style = ReadStyle(environment(StoreVariables.AddressingStyle));
            var settings = new S3Settings(endpoint, region, values[1]!, values[2]!) { AddressingStyle = style };
            _ = new S3Endpoint(endpoint, region, style);
            return settings;
        }
        catch (ArgumentException error)
        {
            throw Invalid($"{StoreVariables.AddressingStyle} cannot be used with {StoreVariables.Endpoint}: {error.Message}", error);
        }
    }

    private static S3AddressingStyle ReadStyle(string? value) => value switch
    {
        null or "" or "auto" => S3AddressingStyle.Auto,
        "path" => S3AddressingStyle.Path,
        "virtual" => S3AddressingStyle.Virtual,
        _ => throw Invalid($"{StoreVariables.AddressingStyle} must be 'auto', 'path', or 'virtual', but is '{value}'."),
    };

    private static ObjectStoreException Invalid(string message, Exception? cause = null) =>
        new(ObjectStoreError.InvalidRequest, message, cause);
}
