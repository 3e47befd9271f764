using MnistLab.Storage.S3;

namespace MnistLab.Storage;

/// <summary>Names the environment variables that choose an object store.</summary>
public static class StoreVariables
{
    /// <summary>The variable with the address of the server, such as <c>https://obs.cn-north-4.myhuaweicloud.com</c>.</summary>
    public const string Endpoint = "OBS_ENDPOINT";

    /// <summary>The variable with the name of the access key.</summary>
    public const string AccessKey = "OBS_ACCESS_KEY_ID";

    /// <summary>The variable with the secret of the access key.</summary>
    public const string SecretKey = "OBS_SECRET_ACCESS_KEY";

    /// <summary>
    /// The variable with the region. If it is not set, the region is the one in the endpoint's name where that is a
    /// known provider's, and <c>us-east-1</c> otherwise.
    /// </summary>
    public const string Region = "OBS_REGION";

    /// <summary>
    /// The variable that says where the bucket is in an address: <c>path</c>, <c>virtual</c> (in the host's name), or
    /// <c>auto</c>; see <see cref="S3AddressingStyle"/>.
    /// </summary>
    public const string AddressingStyle = "OBS_ADDRESSING_STYLE";
}
