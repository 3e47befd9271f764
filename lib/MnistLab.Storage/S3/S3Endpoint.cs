using System.Net;
using System.Text.RegularExpressions;

namespace MnistLab.Storage.S3;

/// <summary>
/// Represents the address of an S3 server, its addressing style, and the region that requests are signed for.
/// </summary>
internal sealed partial class S3Endpoint
{
    /// <summary>The region that S3 servers accept unless they are configured for another one.</summary>
    public const string DefaultRegion = "us-east-1";

    // These providers reject the bucket in the path, or have announced that they will. All other servers accept it
    // there, whereas a bucket in the host name needs a wildcard DNS entry that few self-hosted servers have.
    private static readonly string[] VirtualHostDomains =
    [
        ".myhuaweicloud.com", ".myhuaweicloud.eu", ".amazonaws.com", ".amazonaws.com.cn",
        ".aliyuncs.com", ".myqcloud.com", ".volces.com",
    ];

    private readonly Uri _address;

    /// <summary>Initializes an endpoint.</summary>
    /// <exception cref="ArgumentException">
    /// The style puts the bucket into the host name, but the host is an IP address.
    /// </exception>
    public S3Endpoint(Uri address, string region, S3AddressingStyle style)
    {
        if (style == S3AddressingStyle.Virtual && IsIPAddress(address))
        {
            throw new ArgumentException(
                $"{address.Host} is an IP address, which cannot be preceded by a bucket name. Use the path style.", nameof(style));
        }

        (_address, Region) = (address, region);
        UsesPathStyle = style switch
        {
            S3AddressingStyle.Path => true,
            S3AddressingStyle.Virtual => false,
            _ => !VirtualHostDomains.Any(domain => address.Host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)),
        };
    }

    /// <summary>Gets the scheme, host, and port.</summary>
    public string Location => _address.GetLeftPart(UriPartial.Authority);

    /// <summary>Gets the region that requests are signed for.</summary>
    public string Region { get; }

    /// <summary>Gets whether the bucket is the first segment of the path rather than part of the host name.</summary>
    public bool UsesPathStyle { get; }

    /// <summary>Gets whether this is Huawei OBS, which does not support conditional writes.</summary>
    public bool IsObs => _address.Host.Contains(".myhuaweicloud.", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Returns a description of the server for an error message, including the host that requests for the bucket go to.
    /// </summary>
    public string Describe(ObjectUrl url)
    {
        // Over HTTPS the SDK leaves a bucket with dots in the path: no wildcard certificate covers two labels.
        var isInPath = UsesPathStyle || (_address.Scheme == Uri.UriSchemeHttps && url.Bucket.Contains('.', StringComparison.Ordinal));
        return isInPath ? Location : $"{Location} (requested host: {url.Bucket}.{_address.Authority})";
    }

    /// <summary>Returns the region in the host name of a known provider; null for any other host.</summary>
    public static string? RegionOf(Uri address)
    {
        if (HostWithRegion().Match(address.Host) is { Success: true } match) return match.Groups["region"].Value;
        var isGlobal = address.Host is "s3.amazonaws.com" or "s3.dualstack.amazonaws.com" or "s3-external-1.amazonaws.com";
        return isGlobal ? DefaultRegion : null;
    }

    private static bool IsIPAddress(Uri address) => IPAddress.TryParse(address.Host, out _);

    // obs.cn-north-4.myhuaweicloud.com; s3.eu-west-1, s3-eu-west-1, s3.dualstack.eu-west-1,
    // s3-fips.dualstack.us-gov-west-1, and bucket.vpce-1a2b.s3.eu-west-1.vpce at amazonaws.com;
    // oss-cn-hangzhou(-internal).aliyuncs.com; cos.ap-guangzhou.myqcloud.com; tos-s3-cn-beijing.volces.com;
    // ams3.digitaloceanspaces.com; s3.eu-central-1.wasabisys.com; s3.us-west-004.backblazeb2.com;
    // s3.fr-par.scw.cloud.
    [GeneratedRegex(
        @"\A(?:
            obs\.(?<region>[a-z]+(-[a-z]+)+-\d+)\.myhuaweicloud\.(com|eu)
            | (.+\.)?s3(-fips)?(\.dualstack)?[.-](?<region>[a-z]{2}(-[a-z]+)+-\d+)(\.vpce)?\.amazonaws\.com(\.cn)?
            | (s3\.)?oss-(?<region>[a-z]+(-[a-z]+)+(-\d+)?)(?<!-internal)(-internal)?\.aliyuncs\.com
            | cos\.(?<region>[a-z]+(-[a-z]+)+(-\d+)?)\.myqcloud\.com
            | tos-s3-(?<region>[a-z]+(-[a-z]+)+(-\d+)?)\.volces\.com
            | (?<region>[a-z]{3}\d)\.digitaloceanspaces\.com
            | s3\.(?<region>[a-z]+-[a-z]+-\d+)\.(wasabisys|backblazeb2)\.com
            | s3\.(?<region>[a-z]{2}-[a-z]{3})\.scw\.cloud
        )\z",
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex HostWithRegion();
}
