using MnistLab.Storage.S3;

namespace MnistLab.Storage;

/// <summary>Defines the names of the environment variables that select an object store.</summary>
public static class StoreVariables
{
    /// <summary>
    /// The variable for the address of the server, such as <c>https://obs.cn-north-4.myhuaweicloud.com</c>.
    /// </summary>
    public const string Endpoint = "OBS_ENDPOINT";

    /// <summary>The variable for the access key ID.</summary>
    public const string AccessKey = "OBS_ACCESS_KEY_ID";

    /// <summary>The variable for the secret access key.</summary>
    public const string SecretKey = "OBS_SECRET_ACCESS_KEY";

    /// <summary>
    /// The variable for the region. If it is not set, the region is the one in the endpoint's host name for a known
    /// provider, and <c>us-east-1</c> otherwise.
    /// </summary>
    public const string Region = "OBS_REGION";

    /// <summary>
    /// The variable for the addressing style: <c>path</c>, <c>virtual</c> (the bucket is part of the host name), or
    /// <c>auto</c>; see <see cref="S3AddressingStyle"/>.
    /// </summary>
    public const string AddressingStyle = "OBS_ADDRESSING_STYLE";
}
