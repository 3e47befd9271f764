namespace MnistLab.Data;

/// <summary>How to reach an S3 or OBS server.</summary>
/// <param name="Endpoint">Its address, such as <c>https://obs.cn-north-4.myhuaweicloud.com</c>.</param>
/// <param name="Region">Its region, such as <c>cn-north-4</c>; part of every signature.</param>
/// <param name="AccessKeyId">The name of the access key.</param>
/// <param name="SecretAccessKey">The secret of the access key; never shown.</param>
public sealed record S3Settings(Uri Endpoint, string Region, string AccessKeyId, string SecretAccessKey)
{
    /// <summary>The settings without the secret.</summary>
    public override string ToString() => $"{Endpoint} ({Region}) as {AccessKeyId}";
}
