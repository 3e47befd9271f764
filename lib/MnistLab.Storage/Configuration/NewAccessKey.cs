namespace MnistLab.Storage.Configuration;

/// <summary>Represents an access key to store, as a person enters it.</summary>
/// <param name="Endpoint">The server's address, such as <c>https://obs.cn-north-4.myhuaweicloud.com</c>.</param>
/// <param name="AccessKeyId">The access key ID.</param>
/// <param name="SecretAccessKey">The secret access key.</param>
/// <param name="Region">The region; null for the one in the endpoint's host name, or else <c>us-east-1</c>.</param>
/// <param name="AddressingStyle"><c>path</c>, <c>virtual</c>, or <c>auto</c>; null for <c>auto</c>.</param>
public sealed record NewAccessKey(
    string Endpoint, string AccessKeyId, string SecretAccessKey, string? Region = null, string? AddressingStyle = null)
{
    /// <summary>
    /// Reads the file that a cloud's console offers when it creates a key: <c>credentials.csv</c> of Huawei Cloud or
    /// AWS, with a header line and a line of values.
    /// </summary>
    /// <param name="csv">The content of the file.</param>
    /// <param name="endpoint">The server's address.</param>
    /// <param name="region">The region; null for the one in the endpoint's host name, or else <c>us-east-1</c>.</param>
    /// <exception cref="FormatException">
    /// The content is not in this format. The message never quotes a value.
    /// </exception>
    public static NewAccessKey FromCsv(string csv, string endpoint, string? region = null)
    {
        ArgumentNullException.ThrowIfNull(csv);
        var lines = csv.TrimStart('\uFEFF').Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var titles = lines.Length > 0 ? ValuesOf(lines[0]) : [];
        var (id, secret) = (IndexOf(titles, "access key id"), IndexOf(titles, "secret access key"));
        if (id < 0 || secret < 0)
            throw new FormatException(
                "The file is not a credentials.csv: its first line must name the columns 'Access Key Id' and 'Secret Access Key'.");
        var values = lines.Length == 2 ? ValuesOf(lines[1]) : [];
        return values.Length > Math.Max(id, secret)
            ? new(endpoint, values[id], values[secret], region)
            : throw new FormatException("The file must hold exactly one access key: a line of titles, and a line of values below it.");
    }

    /// <summary>Returns the server's address without the key.</summary>
    public override string ToString() => $"a new access key of {Endpoint}";

    /// <summary>Returns the value that an environment variable would have for this key.</summary>
    internal string? Find(string variable) => variable switch
    {
        StoreVariables.Endpoint => Endpoint.Trim(),
        StoreVariables.AccessKey => AccessKeyId.Trim(),
        StoreVariables.SecretKey => SecretAccessKey.Trim(),
        StoreVariables.Region => Region?.Trim(),
        StoreVariables.AddressingStyle => AddressingStyle,
        _ => null,
    };

    // Neither secrets nor access key IDs contain commas or quotation marks.
    private static string[] ValuesOf(string line) => [.. line.Split(',').Select(value => value.Trim().Trim('"'))];

    private static int IndexOf(string[] titles, string title) =>
        Array.FindIndex(titles, found => found.Equals(title, StringComparison.OrdinalIgnoreCase));
}
