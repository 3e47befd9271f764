using MnistLab.Storage.S3;

namespace MnistLab.Storage.Configuration;

/// <summary>Represents an access key that a user has stored, without its secret.</summary>
/// <param name="Id">The ID of the entry in <see cref="AccessKeys"/>; not the access key ID.</param>
/// <param name="Endpoint">The server's address.</param>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="AddressingStyle">Where the bucket appears in the address of a request.</param>
/// <param name="Ending">The last characters of the access key ID: enough to recognize the key.</param>
/// <param name="IsUsed">Whether notebooks, the command line, and the console use this key.</param>
public sealed record AccessKey(
    string Id, Uri Endpoint, string Region, S3AddressingStyle AddressingStyle, string Ending, bool IsUsed);
