using MnistLab.Storage.S3;

namespace MnistLab.Storage.Configuration;

/// <summary>Represents an access key that a user keeps, without its secret.</summary>
/// <param name="Id">The name of the entry, as <see cref="AccessKeys"/> takes it; not that of the key.</param>
/// <param name="Endpoint">The server's address.</param>
/// <param name="Region">The region of every signature.</param>
/// <param name="AddressingStyle">Where the bucket is in the address of a request.</param>
/// <param name="Ending">The last characters of the key's name: enough to recognize it.</param>
/// <param name="IsUsed">Whether notebooks, the command line, and the console use it.</param>
public sealed record AccessKey(
    string Id, Uri Endpoint, string Region, S3AddressingStyle AddressingStyle, string Ending, bool IsUsed);
