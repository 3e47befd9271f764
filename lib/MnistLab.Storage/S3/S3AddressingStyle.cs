namespace MnistLab.Storage.S3;

/// <summary>Specifies where the bucket appears in the address of a request.</summary>
public enum S3AddressingStyle
{
    /// <summary>
    /// In the host name for providers that require it, such as Huawei OBS and AWS; in the path for all other servers.
    /// </summary>
    Auto,

    /// <summary>In the path: <c>https://host/bucket/key</c>.</summary>
    Path,

    /// <summary>In the host name: <c>https://bucket.host/key</c>.</summary>
    Virtual,
}
