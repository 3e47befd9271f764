namespace MnistLab.Storage.S3;

/// <summary>Specifies where the bucket is in the address of a request.</summary>
public enum S3AddressingStyle
{
    /// <summary>
    /// In the host's name at providers that require it, such as Huawei OBS and AWS; in the path at every other
    /// server.
    /// </summary>
    Auto,

    /// <summary>In the path: <c>https://host/bucket/key</c>.</summary>
    Path,

    /// <summary>In the host's name: <c>https://bucket.host/key</c>.</summary>
    Virtual,
}
