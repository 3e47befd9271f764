using System.Net;

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

    /// <summary>The variable with the region; where it is not set, the endpoint's name tells it.</summary>
    public const string RegionVariable = "OBS_REGION";

    /// <summary>Opens the server that the environment names, or a folder if it names none.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="folder">The folder to use where there is no server.</param>
    /// <exception cref="ObjectStoreException">Some variables are set, but not all that are needed, or the endpoint is no address. A server that was asked for is never replaced by the folder.</exception>
    public static IObjectStore Open(Func<string, string?> environment, string folder)
    {
        ArgumentNullException.ThrowIfNull(environment);
        string[] required = [EndpointVariable, AccessKeyVariable, SecretKeyVariable];
        var values = required.Select(environment).ToArray();
        if (values.All(string.IsNullOrEmpty)) return new FolderObjectStore(folder);

        var missing = required.Where((_, i) => string.IsNullOrEmpty(values[i])).ToArray();
        if (missing.Length > 0)
            throw new ObjectStoreException(ObjectStoreError.InvalidRequest, $"The object store needs {string.Join(" and ", missing)} too. Set {(missing.Length == 1 ? "it" : "them")}, or unset {string.Join(", ", required.Except(missing))} to use a folder on this machine.");
        if (!Uri.TryCreate(values[0], UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("https" or "http"))
            throw new ObjectStoreException(ObjectStoreError.InvalidRequest, $"{EndpointVariable} is '{values[0]}', which is no address. Write it as https://obs.cn-north-4.myhuaweicloud.com.");
        return new S3ObjectStore(new S3Settings(endpoint, environment(RegionVariable) is { Length: > 0 } region ? region : RegionOf(endpoint), values[1]!, values[2]!));
    }

    /// <summary>The region in a name such as <c>obs.cn-north-4.myhuaweicloud.com</c> or <c>s3.eu-west-1.amazonaws.com</c>.</summary>
    private static string RegionOf(Uri endpoint) =>
        !IPAddress.TryParse(endpoint.Host, out _) && endpoint.Host.Split('.') is ["obs" or "s3", var region, _, ..] ? region : "us-east-1";
}
